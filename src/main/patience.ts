/** Lets callers go before their work is done. */
export interface Patience {
  /**
   * Resolves when `work` has ended, or after the time that callers wait.
   * @param work never rejects: whoever could be told may be gone
   */
  attend(work: Promise<void>): Promise<void>;
  /** Resolves when all work that was left behind has ended. */
  close(): Promise<void>;
}

/** No more than `maxLeftBehind` works are left behind at once: beyond that, callers wait for as long as it takes. */
export function createPatience(ms: number, maxLeftBehind: number): Patience {
  const leftBehind = new Set<Promise<void>>();
  return {
    async attend(work) {
      if (leftBehind.size >= maxLeftBehind) return work;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), ms);
      });
      const outcome = await Promise.race([work, late]);
      clearTimeout(timer);
      if (outcome !== 'late') return;
      leftBehind.add(work);
      void work.finally(() => leftBehind.delete(work));
    },
    async close() {
      await Promise.all(leftBehind);
    },
  };
}
