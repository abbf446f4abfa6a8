import { Field, Int, ObjectType } from 'type-graphql';
import type { AccountId, MoneyId } from '../caip';
import { AccountIdScalar, MoneyIdScalar } from '../scalars';
import { Sale } from './sale';

@ObjectType({ description: 'What was paid in one asset.' })
export class MarketVolume {
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, { description: 'Sum of prices, in base units.' }) amount: string;
  @Field(() => Int, { description: 'How many sales it is made of: `sales` lists them, each with its log.' })
  sales: number;
  @Field(() => Int, { description: 'How many of them may still fall in a reorg.' }) provisional: number;
}

@ObjectType({ description: 'Who holds works.' })
export class MarketHolder {
  @Field(() => AccountIdScalar) account: AccountId;
  @Field(() => Int) works: number;
  @Field(() => [String], {
    description: 'The tokens (CAIP-19) by which the chain shows it; the first ten, by work.',
  })
  assetIds: string[];
}

@ObjectType({
  description:
    'The market of a project or a work. Sales that are marked WASH_TRADE or ZERO_PRICE, and such as were taken back, count in none of it.',
})
export class Market {
  @Field(() => Sale, { nullable: true, description: 'The last sale by block time, with its log.' })
  lastSale: Sale | null;
  @Field(() => [MarketVolume], { description: 'By asset: nothing is ever converted.' })
  volumes: MarketVolume[];
  @Field(() => Int, { description: 'Sales that are left out for their marks.' }) leftOut: number;
  @Field(() => Int, { description: 'How many accounts hold a live work.' }) holderCount: number;
  @Field(() => [MarketHolder], { description: 'Those with the most works; at most 100.' })
  holders: MarketHolder[];
}
