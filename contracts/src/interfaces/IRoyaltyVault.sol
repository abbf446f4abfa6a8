// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Transport} from "./IGateway.sol";

/// @notice Who is owed. The three fields together name one credit, so no later split can move what was credited.
/// @param chainHash keccak256 of the CAIP-2 name of the chain on which the payee wants to be paid.
/// @param account Account there, as 32 bytes (CAIP-10 without its chain).
/// @param claimant For a payee of another chain: account on this chain that may withdraw for the payee, named when the
/// split is stated; zero if none. A contract's address on one chain may be another's on the next, so this account is
/// never inferred. Zero for a payee of this chain.
struct Payee {
    bytes32 chainHash;
    bytes32 account;
    address claimant;
}

/// @notice One part of a split.
/// @param bps Share in basis points; those of a split sum to 10,000.
struct Share {
    Payee payee;
    uint16 bps;
}

/// @notice One withdrawal.
/// @param token ERC-20; zero for native money.
/// @param amount Units that leave the vault towards the recipient.
struct Withdrawal {
    address token;
    Payee payee;
    address recipient;
    uint256 amount;
}

/// @notice Part of the credit of a payee on the destination.
struct RemittedCredit {
    bytes32 account;
    address claimant;
    uint256 amount;
}

/// @notice A settlement: credits of payees on one other chain, sent to the vault there.
/// @param settlementId Chosen by the settler, used once by each vault.
/// @param dstChainHash Chain of the payees.
/// @param transport Bridge protocol.
/// @param token ERC-20; native money has no route.
/// @param credits What each payee is sent; at least one, none of them zero.
/// @param minArriving What must arrive at least, in this chain's units of the token. Over CCIP all that is sent arrives,
/// or nothing does.
struct Remittance {
    bytes32 settlementId;
    bytes32 dstChainHash;
    Transport transport;
    address token;
    RemittedCredit[] credits;
    uint256 minArriving;
}

/// @title The money of one registry on one chain: who is owed how much, and how they get it.
/// @notice Money that comes is split among payees at once, by the split stated last, to the last unit. Payees of this
/// chain withdraw or are paid; credits of payees of other chains are remitted to the vault there, or withdrawn here.
/// Amounts are what really moved, by difference of balances.
///
/// Losses of a token (it shrinks balances, or takes more than was asked): every credit of that token bears its
/// proportion, from when the vault notices, which is at its next dealing with the token; credits then round down to the
/// unit. What a single payment cost more than it should is borne by its payee alone. Another token never pays, nor does
/// money that comes later. Gains (a token that grows balances, or money sent here directly) are surplus, which anyone
/// turns into received money.
interface IRoyaltyVault {
    /// @notice Money came and was, or waits to be, split.
    event MoneyReceived(address indexed token, address indexed payer, uint256 received);

    /// @notice A payee is owed more.
    event PayeeCredited(address indexed token, bytes32 indexed payeeId, uint256 amount);

    /// @notice Balances of a token have shrunk; all credits of it bear `lost` in proportion. If `era` grew, they are
    /// worth nothing any more.
    event LossRecorded(address indexed token, uint256 lost, uint32 era);

    /// @notice A new split holds for money from now on. `shares` are in the order of their payee ids.
    event SplitStated(uint64 indexed revision, Share[] shares);

    /// @notice A payee was paid. `spent` is what left the vault: more than `amount` if the token charges the sender.
    event PayeePaid(
        address indexed token, bytes32 indexed payeeId, address indexed recipient, uint256 amount, uint256 spent
    );

    /// @notice A payee does not take the money, and keeps the credit.
    event PaymentRefused(address indexed token, bytes32 indexed payeeId, uint256 amount);

    /// @notice A settlement left for the vault on another chain.
    event SettlementRemitted(
        bytes32 indexed settlementId,
        bytes32 indexed digest,
        bytes32 indexed dstChainHash,
        Transport transport,
        address token,
        uint256 amount,
        bytes32 messageId
    );

    /// @notice A settlement from another chain arrived, and its payees are credited with `received` in all.
    event SettlementCredited(
        bytes32 indexed srcChainHash,
        bytes32 indexed settlementId,
        bytes32 indexed digest,
        address token,
        uint256 received
    );

    /// @notice The caller has not the role that this needs.
    error Unauthorized(address caller);

    /// @notice No unit of the token came.
    error NothingReceived(address token);

    /// @notice No money waits for a split, or there is no split yet.
    error NothingToSplit(address token);

    /// @notice The native money that came along is not the amount.
    error ValueMismatch(uint256 amount, uint256 valueWei);

    /// @notice Another split was stated since the caller looked.
    error UnexpectedRevision(uint64 expected, uint64 actual);

    /// @notice A split has between one and {MAX_PAYEES} payees.
    error PayeeCountOutOfBounds(uint256 count, uint256 max);

    /// @notice The shares of a split sum to 10,000 basis points.
    error SharesNotWhole(uint256 sumBps);

    /// @notice A share of nothing.
    error ShareIsZero(uint256 index);

    /// @notice The payees of a split stand in the order of their ids, each once.
    error PayeesUnordered(uint256 index);

    /// @notice No account, an account that is no address on its chain, a payee of this chain with a claimant, or a payee of a
    /// chain where this registry has no vault, without one.
    error PayeeInvalid(uint256 index);

    /// @notice The payee is not owed that much.
    error InsufficientCredit(bytes32 payeeId, uint256 credit, uint256 amount);

    /// @notice A payment of nothing.
    error AmountIsZero();

    /// @notice The recipient does not take the money.
    error PaymentFailed(address recipient, uint256 amount);

    /// @notice The time in which the signature holds is over.
    error SignatureExpired(uint256 deadline);

    /// @notice The payee did not sign this.
    error SignatureInvalid(bytes32 payeeId);

    /// @notice Too little gas is left to give a payee its share.
    error PaymentGasTooLow(uint256 required, uint256 available);

    /// @notice Native money has no route to another chain.
    error NativeHasNoRoute();

    /// @notice This vault has sent a settlement of this id before; a retry sends nothing.
    error SettlementAlreadyRemitted(bytes32 settlementId, bytes32 digest);

    /// @notice This vault has credited a settlement of this id from that chain before.
    error SettlementAlreadyCredited(bytes32 srcChainHash, bytes32 settlementId, bytes32 digest);

    /// @notice The token moved other than asked, so it cannot be remitted.
    error UnexpectedDebit(address token, uint256 expected, uint256 actual);

    /// @notice Anyone: pays royalties of this registry. Split at once if a split is stated.
    /// @param token ERC-20, of which the caller has approved `amount`; zero for native money.
    /// @param amount What the caller sends; native money must come along exactly.
    /// @return received What came of it.
    function deposit(address token, uint256 amount) external payable returns (uint256 received);

    /// @notice Anyone: takes for received what is here of a token beyond all that is owed of it: a growth of balances,
    /// or money sent directly.
    function absorb(address token) external returns (uint256 received);

    /// @notice Anyone: splits what came before the first split was stated.
    function split(address token) external;

    /// @notice Policy role: states how money is split from now on. What is credited stays as it is.
    /// @param expectedRevision The revision that the caller saw; another one reverts.
    /// @param shares At most {MAX_PAYEES}, in ascending order of {payeeIdOf}.
    /// @return revision The new revision.
    function stateSplit(uint64 expectedRevision, Share[] calldata shares) external returns (uint64 revision);

    /// @notice A payee of this chain, or a payee's claimant: takes out credit.
    function withdraw(Withdrawal calldata withdrawal) external;

    /// @notice Anyone, with the payee's EIP-712 signature over `Withdrawal(address token,bytes32 chainHash,bytes32
    /// account,address claimant,address recipient,uint256 amount,uint256 nonce,uint256 deadline)`: takes out credit.
    /// So a payee of another chain gets native money, too. Wallet contracts sign (EIP-1271) on their own chain only.
    /// @param deadline Unix time in seconds.
    function withdrawSigned(Withdrawal calldata withdrawal, uint256 deadline, bytes calldata signature) external;

    /// @notice Anyone: pays payees of this chain all that they are owed of a token. One that refuses keeps its credit and does
    /// not stop the others. A receiver of native money gets {PAYEE_GAS} gas.
    function pay(address token, address[] calldata accounts) external;

    /// @notice Settlers (the registry's owner or minter): sends credits to the vault of their payees' chain, whole or not at all. The
    /// caller pays the fee; the native money that comes along bounds it, and what it exceeds goes back.
    /// @return digest Digest of the settlement.
    /// @return messageId The protocol's name for the message: CCIP message id or LayerZero guid.
    function remit(Remittance calldata remittance) external payable returns (bytes32 digest, bytes32 messageId);

    /// @notice Remitter only: credits the payees of an arrived settlement, once by source chain and id. What arrives is
    /// divided in proportion to the amounts sent, by largest remainder, of equals to the one named first.
    /// @param token What arrived; pulled from the caller.
    /// @param amount How much of it.
    /// @param message See {Settlements}.
    function creditSettlement(bytes32 srcChainHash, address token, uint256 amount, bytes calldata message) external;

    /// @notice What {remit} would cost now, in wei of the native money.
    function quoteRemittance(Remittance calldata remittance) external view returns (uint256 feeWei);

    /// @notice What a payee is owed of a token now. A loss that was not noticed yet is counted.
    function creditOf(address token, Payee calldata payee) external view returns (uint256);

    /// @notice What waits for the first split.
    function unsplitOf(address token) external view returns (uint256);

    /// @notice What all are owed of a token, unsplit money included.
    function pooledOf(address token) external view returns (uint256);

    /// @notice keccak256(abi.encode(payee)) with its last 16 bits cleared.
    function payeeIdOf(Payee calldata payee) external pure returns (bytes32);

    /// @notice The split in force; revision zero and empty before the first.
    function splitInForce()
        external
        view
        returns (uint64 revision, bytes32[] memory payeeIds, uint256[] memory shareBps);

    /// @notice Digest of the settlement that this vault sent under an id; zero if none.
    function remittedDigestOf(bytes32 settlementId) external view returns (bytes32);

    /// @notice Digest of the settlement that this vault credited under an id from a chain; zero if none.
    function creditedDigestOf(bytes32 srcChainHash, bytes32 settlementId) external view returns (bytes32);

    /// @notice Next nonce of a payee's signatures.
    function nonceOf(bytes32 payeeId) external view returns (uint256);

    /// @notice Carries settlements; made by the vault as its first contract.
    function remitter() external view returns (address);

    /// @notice Collection of the registry: its role book.
    function collection() external view returns (address);

    /// @notice See {Deployment-registryId}.
    function registryId() external view returns (bytes32);

    /// @notice Chain hash of this chain.
    function localChainHash() external view returns (bytes32);

    /// @notice Payees of a split, at most.
    function MAX_PAYEES() external view returns (uint256);

    /// @notice Gas that a payee gets when it is paid native money by {pay}.
    function PAYEE_GAS() external view returns (uint256);
}
