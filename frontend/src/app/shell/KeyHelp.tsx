import Dialog from '@mui/material/Dialog';
import DialogTitle from '@mui/material/DialogTitle';
import IconButton from '@mui/material/IconButton';
import { useId } from 'react';
import { KeyNames } from '@/shared/commands/KeyNames';
import { commandDialog, useCurrentCommands } from '@/shared/commands/registry';
import { Icon } from '@/shared/ui/Icon';

const close = () => commandDialog.set(null);

/** The keys that do something here. */
export default function KeyHelp() {
  const commands = useCurrentCommands().filter(({ keys }) => keys?.length);
  const groups = [...new Set(commands.map(({ group }) => group))].reverse();
  const title = useId();
  return (
    <Dialog
      open
      onClose={close}
      maxWidth="md"
      transitionDuration={80}
      slotProps={{ paper: { 'aria-labelledby': title } }}
    >
      <header className="flex items-center justify-between pr-3">
        <DialogTitle id={title}>Keys</DialogTitle>
        <IconButton aria-label="Close" onClick={close}>
          <Icon name="close" size={14} />
        </IconButton>
      </header>
      <div
        className="grid gap-x-10 gap-y-5 overflow-y-auto px-6 pt-2 pb-6 sm:grid-cols-2"
        role="region"
        aria-labelledby={title}
        tabIndex={0}
      >
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1.5 font-semibold">{group}</h3>
            <dl>
              {commands
                .filter((each) => each.group === group)
                .map(({ id, name, keys }) => (
                  <div
                    key={id}
                    className="flex min-h-7 items-center justify-between gap-6 border-b border-line"
                  >
                    <dt>{name}</dt>
                    <dd className="flex gap-2">
                      {keys?.map((each) => (
                        <KeyNames key={each} keys={each} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
