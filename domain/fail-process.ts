import pino from 'pino';
import { z } from 'zod';

/** For the `catch` of a program: logs why it ends, and gives it exit code 1. */
export function failProcess(message: string): (error: unknown) => void {
  return (error) => {
    // A wrong setting needs its name and its rule, not a stack.
    const reason = error instanceof z.ZodError ? { settings: z.prettifyError(error) } : { err: error };
    pino().fatal(reason, message);
    process.exitCode = 1;
  };
}
