/** The engines that faults are tried on. */
export type EngineName = 'SQLite' | 'MongoDB';

const ENGINES: readonly EngineName[] = ['SQLite'];

/** A suite for each engine. */
export function onEachEngine(subject: string, suite: (engine: EngineName) => void): void {
  for (const engine of ENGINES) describe(`${subject}, on ${engine}`, () => suite(engine));
}
