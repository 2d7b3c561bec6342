import Popover from '@mui/material/Popover';
import { useColorScheme } from '@mui/material/styles';
import { setDensity, useDensity } from '@/shared/preferences/density';
import { setZone, useZone, zoneOptions } from '@/shared/preferences/zone';
import { Segments } from '@/shared/ui/fields/Segments';
import type { PopupProps } from './PopupButton';

const MODES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'System' },
] as const;

const DENSITIES = [
  { value: 'compact', label: 'Compact' },
  { value: 'comfortable', label: 'Comfortable' },
] as const;

/** Theme and density. */
export default function AppearancePopover({ anchor, onClose }: PopupProps) {
  const { mode, setMode } = useColorScheme();
  const density = useDensity();
  const zone = useZone();
  return (
    <Popover
      open={anchor !== null}
      anchorEl={anchor}
      onClose={onClose}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      slotProps={{ paper: { role: 'dialog', 'aria-label': 'Appearance' } }}
    >
      <div className="grid grid-cols-[auto_auto] items-center gap-x-4 gap-y-2 p-3">
        <span className="text-muted">Theme</span>
        <Segments label="Theme" value={mode ?? 'system'} options={MODES} onChange={setMode} />
        <span className="text-muted">Rows</span>
        <Segments label="Density of rows" value={density} options={DENSITIES} onChange={setDensity} />
        <span className="text-muted">Times</span>
        <Segments label="Time zone" value={zone} options={zoneOptions()} onChange={setZone} />
      </div>
    </Popover>
  );
}
