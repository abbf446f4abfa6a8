import { CommandError } from '../cli-errors';

/** The journey could not go on as it should. */
export class DemoError extends CommandError {}
