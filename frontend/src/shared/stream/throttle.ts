/** Calls `run` at once, and then at most once every `ms`, the last call never being lost. */
export function throttle(run: () => void, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const fire = (): void => {
    again = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) fire();
    }, ms);
  };
  return () => {
    if (timer === undefined) fire();
    else again = true;
  };
}
