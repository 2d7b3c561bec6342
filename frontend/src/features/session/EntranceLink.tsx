import { Link } from '@tanstack/react-router';

interface Props {
  to: '/sign-in' | '/register' | '/forgotten-password';
  children: string;
}

/** From one way in to another. */
export function EntranceLink({ to, children }: Props) {
  return (
    <Link to={to} className="font-medium text-accent underline underline-offset-2">
      {children}
    </Link>
  );
}
