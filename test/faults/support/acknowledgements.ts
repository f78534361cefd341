import { closeSync, fdatasync, openSync, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';

/** Something that the registry said it had done, in the words of its answer. */
export type Acknowledgement =
  | {
      readonly what: 'filing';
      readonly org: string;
      readonly key: string;
      readonly reference: string;
      readonly id: string;
      readonly items: readonly { readonly itemId: string; readonly line: number }[];
    }
  | {
      readonly what: 'step';
      readonly key: string;
      readonly declarationId: string;
      readonly type: string;
      readonly no: number;
      readonly recordedAt: string;
    }
  | { readonly what: 'event'; readonly itemId: string; readonly eventId: string; readonly type: string }
  | { readonly what: 'lookup'; readonly lookupId: string };

/**
 * The record of what was acknowledged, kept outside of the system under test. What is noted counts once `note` has
 * resolved: then it is on the disk.
 */
export interface Acknowledgements {
  readonly file: string;
  note(acknowledgement: Acknowledgement): Promise<void>;
  count(): number;
  close(): void;
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const writeAsync = promisify(write);
const syncAsync = promisify(fdatasync);

/** @param onSync told how long each write to the disk took: a slow one says that the machine is slow */
export function openAcknowledgements(
  file: string,
  onSync: (ms: number) => void = () => undefined,
): Acknowledgements {
  const descriptor = openSync(file, 'a');
  let waiting: Waiting[] = [];
  let isWriting = false;
  let count = 0;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        const since = performance.now();
        await writeAsync(descriptor, group.map(({ line }) => line).join(''));
        await syncAsync(descriptor);
        onSync(performance.now() - since);
        count += group.length;
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isWriting = false;
  }

  return {
    file,
    note(acknowledgement) {
      return new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(acknowledgement)}\n`, resolve, reject });
        if (!isWriting) void writeAll();
      });
    },
    count: () => count,
    close: () => closeSync(descriptor),
  };
}

/** What the disk holds. */
export function readAcknowledgements(file: string): Acknowledgement[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Acknowledgement);
}
