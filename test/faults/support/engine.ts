import { OWN_MONGO_SOURCE } from '../../support/mongo-server.ts';

/** The engines that faults are tried on. */
export type EngineName = 'SQLite' | 'MongoDB';

/** A suite on one engine, skipped where there is no server of it. */
export function onEngine(engine: EngineName, subject: string, suite: () => void): void {
  const title = `${subject}, on ${engine}`;
  if (engine === 'SQLite' || OWN_MONGO_SOURCE !== null) describe(title, suite);
  else describe.skip(title, suite);
}

/** A suite for each engine. */
export function onEachEngine(subject: string, suite: (engine: EngineName) => void): void {
  for (const engine of ['SQLite', 'MongoDB'] as const) onEngine(engine, subject, () => suite(engine));
}
