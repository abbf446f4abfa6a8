import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Arg, buildSchema, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { LIST_ROWS, NESTED_ROWS } from './documents';

@ObjectType()
class BareProject {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) artistName: string;
}

@ObjectType()
class BareRegistry {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => BareProject) project: BareProject;
}

@ObjectType()
class BareWork {
  @Field(() => ID) id: string;
  @Field(() => String) state: string;
  @Field(() => String) holder: string;
  @Field(() => String) tokenId: string;
  @Field(() => Int) hop: number;
  @Field(() => Int) revision: number;
}

@ObjectType()
class BareDispatch {
  @Field(() => ID) id: string;
  @Field(() => String) state: string;
  @Field(() => BareWork) work: BareWork;
  @Field(() => BareRegistry) registry: BareRegistry;
}

@ObjectType()
class BareWorkEdge {
  @Field(() => BareWork) node: BareWork;
}

@ObjectType()
class BareWorks {
  @Field(() => [BareWorkEdge]) edges: BareWorkEdge[];
}

@ObjectType()
class BareDispatchEdge {
  @Field(() => BareDispatch) node: BareDispatch;
}

@ObjectType()
class BareDispatches {
  @Field(() => [BareDispatchEdge]) edges: BareDispatchEdge[];
}

const id = (type: string, index: number) =>
  Buffer.from(`${type}:${index}`.padEnd(41, '0')).toString('base64url');

const works: BareWork[] = Array.from({ length: LIST_ROWS }, (_, index) => ({
  id: id('Work', index),
  state: 'LIVE',
  holder: 'eip155:11155111:0x52908400098527886E0F7030069857D2E4169EE7',
  tokenId: String(10n ** 60n + BigInt(index)),
  hop: 0,
  revision: 1,
}));

const dispatches = works.slice(0, NESTED_ROWS).map(
  (work, index): BareDispatch => ({
    id: id('Dispatch', index),
    state: 'CONFIRMED',
    work,
    registry: {
      id: id('Registry', index),
      name: 'Tides',
      project: { id: id('Project', index), name: 'Tides', artistName: 'Ada' },
    },
  }),
);

@Resolver()
class BareResolver {
  @Query(() => BareWorks)
  works(@Arg('first', () => Int) first: number): BareWorks {
    return { edges: works.slice(0, first).map((node) => ({ node })) };
  }

  @Query(() => BareDispatches)
  dispatches(@Arg('first', () => Int) first: number): BareDispatches {
    return { edges: dispatches.slice(0, first).map((node) => ({ node })) };
  }
}

/** The least that Apollo and type-graphql cost: no database, no authentication, no limits. */
async function main(): Promise<void> {
  const schema = await buildSchema({ resolvers: [BareResolver], validate: false });
  const { url } = await startStandaloneServer(new ApolloServer({ schema }), {
    listen: { host: '127.0.0.1', port: 0 },
  });
  process.send?.(url);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
