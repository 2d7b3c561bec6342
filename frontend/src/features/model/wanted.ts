/** What somebody asks to change of what is in force, before they have said why. */
export type Wanted =
  | { to: 'champion' | 'challenger'; version: string }
  | { to: 'withdrawn' }
  | { to: 'back' };

/** As a title, what it means, and as a button. */
export function words(wanted: Wanted): { title: string; meaning: string; button: string } {
  switch (wanted.to) {
    case 'champion':
      return {
        title: `Let ${wanted.version} judge`,
        meaning: 'It takes the champion’s place within a second. What is scored already stays as it is.',
        button: 'Let it judge',
      };
    case 'challenger':
      return {
        title: `Let ${wanted.version} score in shadow`,
        meaning: 'It scores the same events beside the champion, and changes nothing.',
        button: 'Let it score in shadow',
      };
    case 'withdrawn':
      return {
        title: 'Withdraw the challenger',
        meaning: 'It scores no more. What it said stays stored.',
        button: 'Withdraw it',
      };
    case 'back':
      return {
        title: 'Undo the last change',
        meaning: 'What was in force before it is in force again within a second.',
        button: 'Undo it',
      };
  }
}
