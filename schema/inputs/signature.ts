import { z } from 'zod';

/** The bytes of a signature as hex: of a key (65 bytes), or whatever a contract wallet takes, at most 2,048 bytes. */
export const signatureSchema = z
  .string()
  .regex(/^0x([0-9a-f]{2}){1,2048}$/i, 'must be hex')
  .transform((value): `0x${string}` => `0x${value.slice(2)}`);
