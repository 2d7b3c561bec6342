/** Remembers the last `capacity` ids, forgetting the oldest. */
export class RecentIds {
  #ids = new Set<string>();

  constructor(readonly capacity: number) {}

  /** Whether `id` is new; it is remembered from now on. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.capacity) {
      const [oldest] = this.#ids;
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    return true;
  }

  clear(): void {
    this.#ids.clear();
  }
}
