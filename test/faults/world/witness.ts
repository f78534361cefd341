import type { Stores } from '../../../src/main/stores.ts';
import type { Declaration } from '../../../src/modules/declarations/index.ts';

/** A version of a declaration, and the step at which it was put. */
export interface Version {
  readonly step: number;
  readonly declaration: Declaration;
}

/** What really took effect in the store, in order; nobody in the world sees it. */
export interface Witness {
  /** By declaration id. */
  readonly versions: Map<string, Version[]>;
  /** The step at which an event was appended first. */
  readonly appended: Map<string, number>;
}

export function createWitness(): Witness {
  return { versions: new Map(), appended: new Map() };
}

/** The stores, with what they do written down. */
export function witnessed(stores: Stores, { versions, appended }: Witness, step: () => number): Stores {
  const saw = (declaration: Declaration): void => {
    const seen = versions.get(declaration.id) ?? [];
    versions.set(declaration.id, [...seen, { step: step(), declaration }]);
  };
  return {
    ...stores,
    declarations: {
      ...stores.declarations,
      async insert(declaration) {
        const answer = await stores.declarations.insert(declaration);
        if (answer.outcome === 'inserted') saw(declaration);
        return answer;
      },
      async replace(previous, next) {
        const replaced = await stores.declarations.replace(previous, next);
        if (replaced) saw(next);
        return replaced;
      },
    },
    register: {
      ...stores.register,
      async append(entries) {
        const outcomes = await stores.register.append(entries);
        entries.forEach(({ event }, index) => {
          if (outcomes[index] === 'appended' && !appended.has(event.eventId))
            appended.set(event.eventId, step());
        });
        return outcomes;
      },
    },
  };
}
