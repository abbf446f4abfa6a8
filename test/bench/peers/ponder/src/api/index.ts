import { Hono } from 'hono';

/** Ponder does not start without an API; nobody asks this one. */
export default new Hono();
