import { lockDataDirectory } from '../../src/platform/sqlite/index.ts';

/** Holds the lock of the folder named by the first argument until it is killed. */
lockDataDirectory(process.argv[2] ?? '');
process.stdout.write('held\n');
process.stdin.resume();
