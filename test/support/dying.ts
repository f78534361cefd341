import type { Stores } from '../../src/main/stores.ts';

/** Ports that stop working for good at the call of this number: before it takes effect, or right after. */
export function dying(
  stores: Stores,
  ports: readonly (keyof Stores)[],
  dieAt: number,
  when: 'before' | 'after',
) {
  let calls = 0;
  const mortal = (port: object): object =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
        name,
        async (...args: never[]): Promise<unknown> => {
          calls += 1;
          if (calls > dieAt || (calls === dieAt && when === 'before')) throw new Error('killed');
          const answer = await method(...args);
          if (calls >= dieAt) throw new Error('killed');
          return answer;
        },
      ]),
    );
  const replaced = Object.fromEntries(ports.map((name) => [name, mortal(stores[name] as object)]));
  return { isDead: () => calls >= dieAt, stores: { ...stores, ...replaced } };
}
