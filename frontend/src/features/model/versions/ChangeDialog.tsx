import { lazy, Suspense } from 'react';
import { announce } from '@/shared/ui/notices/Announcer';
import { type Wanted, words } from '../wanted';
import { useModelChange } from './useModelChange';

const WhyDialog = lazy(() => import('@/shared/ui/dialogs/WhyDialog'));

/** Asks why, and changes what is in force. */
export function ChangeDialog({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const change = useModelChange();
  const { title, meaning, button } = words(wanted);
  return (
    <Suspense>
      <WhyDialog
        title={title}
        confirm={button}
        busy={change.isPending}
        error={change.error}
        onConfirm={(reason) =>
          change.mutate(
            { ...wanted, reason },
            {
              onSuccess: ({ champion, challenger }) => {
                announce(`${champion} judges${challenger ? `, ${challenger} scores in shadow` : ''}`);
                onClose();
              },
            },
          )
        }
        onClose={onClose}
      >
        {meaning}
      </WhyDialog>
    </Suspense>
  );
}
