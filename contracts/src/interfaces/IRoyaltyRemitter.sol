// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Transport} from "./IGateway.sol";

/// @notice Money and message that a remitter hands to a bridge.
/// @param dstChainHash Destination.
/// @param transport Bridge protocol.
/// @param token ERC-20 on this chain.
/// @param amount Units of it.
/// @param minArriving See {Remittance-minArriving}.
/// @param payeeCount Payees that the message names; sets the gas that it buys.
/// @param message See {Settlements}.
struct Parcel {
    bytes32 dstChainHash;
    Transport transport;
    address token;
    uint256 amount;
    uint256 minArriving;
    uint256 payeeCount;
    bytes message;
}

/// @notice Money and message that a bridge brought.
/// @param srcChainHash Source; its remitter is authenticated.
/// @param messageId CCIP message id or LayerZero guid.
/// @param token ERC-20 on this chain.
/// @param amount Units of it.
/// @param message See {Settlements}.
struct Arrival {
    bytes32 srcChainHash;
    bytes32 messageId;
    address token;
    uint256 amount;
    bytes message;
}

/// @title Carries settlements between the vaults of one registry: CCIP with token and data in one message, or an OFT
/// transfer with a composed message over LayerZero.
/// @notice What has arrived but is not credited lies here, apart from what the vault owes. An arrival that the vault
/// refuses is parked; anyone retries it. It has no owner; peers come from the manifest.
interface IRoyaltyRemitter {
    /// @notice The vault refused an arrival with `reason`; its money lies here and anyone may retry.
    event ArrivalParked(bytes32 indexed arrivalId, Arrival arrival, bytes reason);

    /// @notice The vault has credited an arrival.
    event ArrivalApplied(bytes32 indexed arrivalId, bytes32 indexed messageId);

    /// @notice The money of a parked arrival that could not be credited became a deposit.
    event ArrivalReleased(bytes32 indexed arrivalId, bytes32 indexed messageId);

    /// @notice Transfers of `token` over LayerZero go through `oft` from now on.
    event OftChanged(address indexed token, address previous, address indexed current);

    /// @notice Only the vault sends.
    error NotVault(address caller);

    /// @notice Only the remitter itself makes this call.
    error NotSelf(address caller);

    /// @notice Only the bridge protocol's own contract delivers.
    error NotProtocol(address caller);

    /// @notice Only the registry's delayed queue does this.
    error NotQueue(address caller);

    /// @notice The caller has not the role that this needs.
    error Unauthorized(address caller);

    /// @notice There is no way to that chain for the token over that transport.
    error RouteUnknown(bytes32 dstChainHash, Transport transport, address token);

    /// @notice A message from a chain (as the protocol names it) that is no peer.
    error SourceUnknown(uint64 protocolChainId);

    /// @notice A message from a peer's chain, but not from the peer.
    error SenderUnknown(bytes sender);

    /// @notice A composed message from a contract that is no OFT of this registry.
    error OftUnknown(address from);

    /// @notice The OFT moves another token.
    error OftMismatch(address oft, address token);

    /// @notice An OFT moves this token already, or the vault owes or the remitter holds some of it: only the delayed
    /// queue changes the OFT now.
    error OftInUse(address token, address oft, uint256 held);

    /// @notice A CCIP message that brings not exactly one token.
    error TokenCountUnexpected(uint256 count);

    /// @notice Native money came with a delivery; nothing here could use it.
    error UnexpectedValue(uint256 valueWei);

    /// @notice The money sent along does not pay for the message.
    error InsufficientFee(uint256 requiredWei, uint256 providedWei);

    /// @notice The payer does not take back what was too much.
    error RefundFailed(address payer, uint256 amountWei);

    /// @notice No such arrival is parked.
    error ArrivalNotParked(bytes32 arrivalId);

    /// @notice The bridge took another amount than asked.
    error UnexpectedDebit(address token, uint256 expected, uint256 actual);

    /// @notice Vault only: hands a parcel, whose money is here, to its bridge. What exceeds the fee goes to `refundTo`.
    /// @return messageId CCIP message id or LayerZero guid.
    function send(Parcel calldata parcel, address refundTo) external payable returns (bytes32 messageId);

    /// @notice What {send} would cost now, in wei of the native money.
    function quote(Parcel calldata parcel) external view returns (uint256 feeWei);

    /// @notice Anyone: has the vault credit a parked arrival.
    function retryArrival(Arrival calldata arrival) external;

    /// @notice Delayed queue only: deposits the money of a parked arrival, for one that the vault will never credit
    /// because its settlement id is used (a chain that went back behind its finality and sent it anew).
    function releaseArrival(Arrival calldata arrival) external;

    /// @notice Self only: approves and credits, so that both are undone together.
    function applyArrival(Arrival calldata arrival) external;

    /// @notice Names the OFT (or OFT adapter) that moves a token. The registry's owner may name the first one, while
    /// nothing of the token is in vault or remitter; after that only the delayed queue changes it, since whoever names an
    /// OFT names who may take what is remitted. An OFT that is replaced delivers no more; what it brought before lies
    /// here until it is named again.
    /// @param oft Zero: no more sends of this token over LayerZero.
    function setOft(address token, address oft) external;

    /// @notice keccak256(abi.encode(arrival)).
    function arrivalIdOf(Arrival calldata arrival) external pure returns (bytes32);

    /// @notice Whether an arrival waits to be retried.
    function isParked(bytes32 arrivalId) external view returns (bool);

    /// @notice OFT that moves a token; zero if none.
    function oftOf(address token) external view returns (address);

    /// @notice Token that an OFT moves; zero if it is no OFT of this registry.
    function tokenOf(address oft) external view returns (address);

    /// @notice Remitter of a chain, as 32 bytes; zero for this chain, and where the registry has no vault.
    function peerOf(bytes32 chainHash) external view returns (bytes32);

    /// @notice The vault that made this remitter.
    function vault() external view returns (address);

    /// @notice CCIP Router; zero if CCIP is not here.
    function ccipRouter() external view returns (address);

    /// @notice LayerZero EndpointV2; zero if LayerZero is not here.
    function lzEndpoint() external view returns (address);
}
