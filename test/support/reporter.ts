import Mocha from 'mocha';

const { Spec } = Mocha.reporters;

/** A run that is still alive this long after its last test has left something open; `aliveMs` sets another time. */
const ALIVE_MS = 10_000;

/**
 * Mocha's spec, ending with the line `N passed, N failed`, and `, N skipped` when there are any. The line comes when
 * the process ends; a run that was cut short, that ran nothing, or that left something open counts as one failure
 * more.
 */
export default class SummaryReporter extends Spec {
  #ended = false;
  #extraFailures = 0;
  readonly #aliveMs: number;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const given = options.reporterOptions as { aliveMs?: string } | undefined;
    this.#aliveMs = Number(given?.aliveMs ?? ALIVE_MS);
    process.once('exit', () => this.#summarise());
  }

  /** Called by Mocha after the last test; `report` sets the exit code. */
  override done(failures: number, report?: (failures: number) => void): void {
    this.#ended = true;
    if (this.stats.tests === 0 && failures === 0) this.#fail('No test ran.');
    report?.(failures + this.#extraFailures);
    // Nothing is left to wait for. Node would now take its world apart, and can turn in circles at that for ever
    // (seen with 20.20, in CleanupHandles): the run would be over, and its process would not.
    process.once('beforeExit', () => process.exit());
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      this.#fail(`The tests left something open that keeps the process alive: ${open}.`);
      process.once('exit', () => (process.exitCode = 1)); // after Mocha's own handler, which would say 0
      process.exit();
    }, this.#aliveMs).unref();
  }

  #fail(sentence: string): void {
    this.#extraFailures += 1;
    process.stdout.write(`${sentence}\n`);
  }

  #summarise(): void {
    if (!this.#ended) {
      this.#fail('The run was cut short: something ended the process.');
      process.exitCode = 1;
    }
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    process.stdout.write(`${passes} passed, ${failures + this.#extraFailures} failed${skipped}\n`);
  }
}
