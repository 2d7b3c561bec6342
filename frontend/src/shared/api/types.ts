import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Role = User['role'];
export type RiskLevel = Schemas['RiskLevel'];
export type Reason = Schemas['Reason'];
export type AssessmentSummary = Schemas['AssessmentSummary'];
export type AssessmentDetail = Schemas['AssessmentDetail'];
export type Feature = AssessmentDetail['features'][number];
export type RiskStats = Schemas['RiskStats'];
export type MinuteCounts = RiskStats['per_minute'][number];
export type RiskOverview = Schemas['RiskOverview'];
export type ScoreHistogram = RiskOverview['scores'];
export type TopReason = RiskOverview['reasons'][number];
export type TopAccount = RiskOverview['accounts'][number];
export type Alert = Schemas['Alert'];
export type AlertStatus = Schemas['AlertStatus'];
export type AlertStats = Schemas['AlertStats'];
export type Disposition = Schemas['Disposition'];
export type Configuration = Schemas['Configuration'];
export type AlertDetail = Schemas['AlertDetail'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type DispositionReason = Schemas['DispositionReason'];
export type RuleReading = Schemas['RuleReading'];
export type Contributions = Schemas['Contributions'];
export type Neighbourhood = Schemas['Neighbourhood'];
