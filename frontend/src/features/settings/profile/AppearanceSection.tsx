import { useColorScheme } from '@mui/material/styles';
import { setDensity, useDensity } from '@/shared/preferences/density';
import { setZone, useZone, zoneOptions } from '@/shared/preferences/zone';
import { Segments } from '@/shared/ui/fields/Segments';
import { Card, Pane } from '../Pane';

const MODES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
] as const;
const DENSITIES = [
  { value: 'compact', label: 'Compact' },
  { value: 'comfortable', label: 'Comfortable' },
] as const;

/** How the dashboard looks in this browser. */
export default function AppearanceSection() {
  const { mode, setMode } = useColorScheme();
  const density = useDensity();
  const zone = useZone();
  return (
    <Pane
      title="Appearance"
      about="How the dashboard looks in this browser. Other people, and your other devices, keep theirs."
    >
      <Card>
        <div className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-3">
          <span>Colours</span>
          <Segments label="Colours" value={mode ?? 'system'} options={MODES} onChange={setMode} />
          <span>Rows of lists</span>
          <Segments label="Rows of lists" value={density} options={DENSITIES} onChange={setDensity} />
          <span>Times</span>
          <Segments label="Time zone" value={zone} options={zoneOptions()} onChange={setZone} />
        </div>
      </Card>
    </Pane>
  );
}
