// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGatewayUser} from "./IGatewayUser.sol";

/// @title One bridge protocol, as the Gateway sees it.
/// @notice Carries bytes between the transports of one registry on two chains. It authenticates completely (who
/// calls, from which chain, by which sender) before it looks at a message, then makes one call to its Gateway.
/// It has no owner: peers come from the manifest.
interface ITransport is IGatewayUser {
    /// @notice Only the Gateway sends.
    error NotGateway(address caller);

    /// @notice Only the bridge protocol's own contract delivers.
    error NotProtocol(address caller);

    /// @notice This transport has no way to or from the chain.
    error RouteUnknown(bytes32 chainHash);

    /// @notice A message from a chain (as the protocol names it) that is no peer.
    error SourceUnknown(uint64 protocolChainId);

    /// @notice A message from a peer's chain, but not from the peer.
    error SenderUnknown(bytes sender);

    /// @notice Native money came with a delivery; nothing here could use it.
    error UnexpectedValue(uint256 valueWei);

    /// @notice The money sent along does not pay for the message. LayerZero's endpoint says so by itself, with
    /// `LZ_InsufficientFee`.
    error InsufficientFee(uint256 requiredWei, uint256 providedWei);

    /// @notice The payer does not take back what was too much. LayerZero's endpoint says so by itself, with
    /// `Transfer_NativeFailed`.
    error RefundFailed(address payer, uint256 amountWei);

    /// @notice Gateway only: sends `message` to the transport's peer. What exceeds the fee goes back to `refundTo`.
    /// @param dstChainHash Destination.
    /// @param message Encoded {Statement}.
    /// @param gasLimit Gas for the delivery on the destination, the transport's own work there included.
    /// @param refundTo Who paid.
    /// @return messageId The protocol's name for the message: CCIP message id or LayerZero guid.
    function send(
        bytes32 dstChainHash,
        bytes calldata message,
        uint256 gasLimit,
        address refundTo
    ) external payable returns (bytes32 messageId);

    /// @notice What {send} would cost now, in wei of the native money. Reverts with {RouteUnknown}.
    function quote(
        bytes32 dstChainHash,
        bytes calldata message,
        uint256 gasLimit
    ) external view returns (uint256 feeWei);

    /// @notice What one message to a chain can have. Reverts with {RouteUnknown}.
    function limitsTo(bytes32 dstChainHash) external view returns (uint256 maxBytes, uint256 maxGas);

    /// @notice The protocol's contract on this chain: CCIP Router or LayerZero EndpointV2.
    function protocol() external view returns (address);

    /// @notice The protocol's name for a peer's chain (CCIP selector or LayerZero eid); zero if it has no way there.
    function protocolChainIdOf(bytes32 chainHash) external view returns (uint64);

    /// @notice The peer's transport, as 32 bytes; zero if this one has no way there.
    function peerOf(bytes32 chainHash) external view returns (bytes32);
}
