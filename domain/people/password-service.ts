import type { AcceptInvitation, ChangePassword, SignIn } from '../../schema/inputs/sign-in';
import { SignInMethod } from '../../schema/types/member';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { PersonCaller } from '../tenancy/caller';
import { hashToken } from '../tenancy/token-hash';
import { hashPassword, isPassword } from './passwords';
import { InvitationOverError, SignInFailedError } from './people-errors';
import type { PeopleStores } from './people-stores';
import type { OpenedSession, SessionService, SignInRequest } from './session-service';
import { tenantOfInvitation } from './tokens';
import type { WalletService } from './wallet-service';

/** Joining by invitation, and signing in by password. */
export class PasswordService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: PeopleStores,
    private readonly sessions: SessionService,
    private readonly wallets: WalletService,
  ) {}

  /** @throws {@link SignInFailedError} */
  async signIn({ tenantId, email, password }: SignIn, request: SignInRequest): Promise<OpenedSession> {
    const member = await this.database.transaction(tenantId, (tx) =>
      this.stores.members.findByEmail(tx, email),
    );
    // Outside of transactions: it takes some 20 ms of a processor.
    const matches = await isPassword(password, member?.passwordHash);
    if (member === undefined || !matches) throw new SignInFailedError();
    return this.database.transaction(tenantId, async (tx) => {
      // It may have been changed while it was compared.
      const current = await this.stores.members.passwordHashOf(tx, member.id);
      if (current !== member.passwordHash) throw new SignInFailedError();
      return this.sessions.open(tx, member.id, SignInMethod.PASSWORD, request);
    });
  }

  /**
   * Sets a password, or links a wallet, and signs in. Sessions from before end: whoever asked for an invitation
   * may have lost them to somebody.
   *
   * @throws {@link InvitationOverError}, and whatever {@link WalletService.verify} and `link` throw.
   */
  async acceptInvitation(
    { invitation, password, wallet }: AcceptInvitation,
    request: SignInRequest,
  ): Promise<OpenedSession> {
    const tenantId = tenantOfInvitation(invitation);
    if (tenantId === undefined) throw new InvitationOverError();
    const passwordHash = password == null ? undefined : await hashPassword(password);
    const account = wallet == null ? undefined : await this.wallets.verify(tenantId, wallet);
    return this.database.transaction(tenantId, async (tx) => {
      const memberId = await this.stores.members.takeInvitation(tx, hashToken(invitation));
      if (memberId === undefined) throw new InvitationOverError();
      await this.stores.sessions.revokeAll(tx, memberId);
      if (passwordHash !== undefined) await this.stores.members.setPassword(tx, memberId, passwordHash);
      if (account !== undefined) await this.wallets.useAndLink(tx, memberId, account);
      const method = passwordHash === undefined ? SignInMethod.WALLET : SignInMethod.PASSWORD;
      return this.sessions.open(tx, memberId, method, request);
    });
  }

  /**
   * Ends the member's other sessions. Who has no password yet sets one with a session alone.
   *
   * @throws {@link SignInFailedError} if the current password is another.
   */
  async change(caller: PersonCaller, { currentPassword, newPassword }: ChangePassword): Promise<void> {
    const { tenantId, actor } = caller;
    const { members, sessions } = this.stores;
    const hash = await this.database.transaction(tenantId, (tx) => members.passwordHashOf(tx, actor.id));
    if (hash !== null && !(await isPassword(currentPassword ?? '', hash)))
      throw new SignInFailedError('The current password is another.');
    const nextHash = await hashPassword(newPassword);
    await this.database.transaction(tenantId, async (tx) => {
      if ((await members.passwordHashOf(tx, actor.id)) !== hash)
        throw new SignInFailedError('The current password is another.');
      await members.setPassword(tx, actor.id, nextHash);
      await sessions.revokeAll(tx, actor.id, actor.sessionId);
    });
  }
}
