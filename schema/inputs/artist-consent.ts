import { Field, InputType } from 'type-graphql';
import type { z } from 'zod';
import { ownerConsentSchema } from './owner-consent';

@InputType({
  description: 'The artist’s signature on a change, as `prepareArtistConsent` returned it to be signed.',
})
export class ArtistConsentInput {
  @Field(() => String) nonce: string;
  @Field(() => String, { description: 'Unix time in seconds.' }) deadline: string;
  @Field(() => String, {
    description:
      'EIP-712 signature of the present primary wallet; of a contract wallet by EIP-1271 or ERC-6492, on its own chain.',
  })
  signature: string;
}

/** It has the form of an owner's consent, and is checked alike. */
export const artistConsentSchema = ownerConsentSchema;

export type ArtistConsent = z.output<typeof artistConsentSchema>;
