/** Things to close, the last opened first. One that fails doesn't keep the others open. */
export interface Closers {
  add(close: () => unknown): void;
  /** @throws AggregateError of whatever failed, once all have had their turn */
  closeAll(): Promise<void>;
}

export function createClosers(): Closers {
  const stack: (() => unknown)[] = [];
  return {
    add: (close) => void stack.push(close),
    async closeAll() {
      const errors: unknown[] = [];
      for (let close = stack.pop(); close !== undefined; close = stack.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be closed.');
    },
  };
}
