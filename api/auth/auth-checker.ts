import type { AuthCheckerFn } from 'type-graphql';
import { isPerson } from '../../domain/tenancy/caller';
import {
  ForbiddenError,
  PersonRequiredError,
  type RequestContext,
  UnauthenticatedError,
} from '../request-context';

/** The scope of the platform's own key. */
export const OPERATOR = 'operator';

/** In place of a scope: a field that concerns the person who is signed in. */
export const PERSON = 'person';

/** Lets a field run when the caller has the scope that `@Authorized` names. */
export const checkScope: AuthCheckerFn<RequestContext, string> = ({ context }, [scope]) => {
  if (scope === undefined) throw new Error('@Authorized names a scope');
  if (scope === OPERATOR) {
    if (!context.isOperator)
      throw context.caller === undefined ? new UnauthenticatedError() : new ForbiddenError(scope);
    return true;
  }
  if (context.caller === undefined) throw new UnauthenticatedError();
  if (scope === PERSON) {
    if (!isPerson(context.caller)) throw new PersonRequiredError();
    return true;
  }
  if (!context.caller.scopes.some((granted) => granted === scope)) throw new ForbiddenError(scope);
  return true;
};
