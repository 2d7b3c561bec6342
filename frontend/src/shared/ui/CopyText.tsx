import IconButton from '@mui/material/IconButton';
import { useEffect, useState } from 'react';
import { Icon } from './Icon';

/** A long id, and a button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="font-mono text-xs break-all">{text}</span>
      <IconButton aria-label={copied ? 'Copied' : `Copy ${label}`} onClick={copy}>
        <Icon name={copied ? 'check' : 'copy'} size={13} />
      </IconButton>
    </span>
  );
}
