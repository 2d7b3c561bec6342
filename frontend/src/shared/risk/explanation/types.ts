import type { components } from '@/shared/api/schema';

/** An explanation as it was given, with its evidence. */
export type Explanation = components['schemas']['Given'];
/** One statement, and the ids of the evidence that it rests on. */
export type Sentence = Explanation['explanation']['summary'][number];
export type Evidence = Explanation['evidence'][number];
