import { CommandError } from '../cli-errors';

/** The journey could not go on as it should. */
export class DemoError extends CommandError {}

/** The API refused a request. */
export class ApiError extends DemoError {
  constructor(
    message: string,
    /** The stable codes of what it said. */
    readonly codes: readonly string[],
  ) {
    super(message);
  }
}
