import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { loadEnvironment, readClientSettings } from '../../src/config/config.ts';
import type { Access } from './api.ts';

/** Exit codes: 0 clean, 1 something was found, 2 wrong usage, 3 it could not be done. */
export const FOUND = 1;
export const USAGE = 2;
export const COULD_NOT_RUN = 3;

/** What every command that asks a registry can be told. */
export interface Shared {
  readonly url?: string;
  readonly json?: boolean;
  readonly tries: number;
}

/** Asked for in the wrong way; the message says what is right. */
export class Usage extends Error {}

/** Adds a command to the program, with an example in its help. */
export type AddCommand = (name: string, description: string, example: string) => Command;

/** A command of the client that needs no registry. */
export function offlineCommands(program: Command): AddCommand {
  return (name, description, example) =>
    program
      .command(name)
      .description(description)
      .addHelpText('after', `\nExample:\n  npx pill-press-registry ${example}`)
      .exitOverride();
}

/** A command of the client that asks a registry. */
export function askingCommands(program: Command): AddCommand {
  const add = offlineCommands(program);
  return (name, description, example) =>
    add(name, description, example)
      .option('--url <address>', 'where the registry is, instead of REGISTRY_URL')
      .option('--tries <count>', 'how often to ask while it is away or busy', whole, 8);
}

function whole(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 99.');
  return Number(text);
}

/** @throws Usage, ConfigError */
export function accessOf({ url, tries }: Shared): Access {
  const settings = readClientSettings(loadEnvironment());
  if (settings.token === undefined) throw new Usage('Set REGISTRY_TOKEN to a token.');
  return { url: (url ?? settings.url).replace(/\/+$/, ''), token: settings.token, tries };
}

/** @throws Usage */
export function readable(file: string): string {
  if (!existsSync(file)) throw new Usage(`There is no file ${file}.`);
  return file;
}

/** How an answer is shown: as a line of JSON, or in words. */
export function shown({ json = false }: { readonly json?: boolean }, data: object, text: string): string {
  return `${json ? JSON.stringify(data) : text}\n`;
}

/** Prints an answer; see `printBlock`. */
export function print(options: { readonly json?: boolean }, data: object, text: string): Promise<void> {
  return printBlock(shown(options, data, text));
}

/** Writes to standard output, and waits until it is taken; see `leaveUnread`. */
export function printBlock(block: Buffer | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(block, (error) => {
      if (!error) return resolve();
      leaveUnread(error);
      reject(error);
    });
  });
}

/** Ends the process, with nothing to complain of, once nobody reads standard output any more (`… | head`). */
export function leaveUnread(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
}
