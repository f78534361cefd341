import { isFailure } from '../../src/kernel/failure.ts';

/** The code of the failure that `work` throws or rejects with; anything else that happens is thrown. */
export async function failureCode(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
  throw new Error('nothing failed');
}

/** The message of the error that `work` throws or rejects with. */
export async function failureMessage(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error('nothing failed');
}
