const { BigIntColumn, Entity, IntColumn, PrimaryColumn, StringColumn } = require('@subsquid/typeorm-store');

/** As squid-typeorm-codegen writes entities, without its TypeScript. */
class Transfer {
  constructor(props) {
    Object.assign(this, props);
  }
}

const columns = {
  block: IntColumn,
  logIndex: IntColumn,
  tokenId: BigIntColumn,
  sender: StringColumn,
  receiver: StringColumn,
};
for (const [name, Column] of Object.entries(columns)) Column({ nullable: false })(Transfer.prototype, name);
// What TypeScript emits for a decorated `id: string`.
Reflect.defineMetadata('design:type', String, Transfer.prototype, 'id');
PrimaryColumn()(Transfer.prototype, 'id');
Entity()(Transfer);

module.exports = { Transfer };
