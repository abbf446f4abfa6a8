// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {
    ILayerZeroEndpointV2,
    MessagingFee,
    MessagingParams,
    Origin
} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {ILayerZeroReceiver} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroReceiver.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {TransportBase} from "./TransportBase.sol";

/// @title Statements over LayerZero V2, paid in native money.
/// @dev It is its own delegate and calls no configuration function, so nobody can change its libraries, verifiers or
/// message queue. First cut: it therefore runs on the endpoint's default libraries and verifiers.
/// https://docs.layerzero.network/v2/developers/evm/overview (read 2026-11).
contract LayerZeroTransport is TransportBase, ILayerZeroReceiver {
    constructor(Deployment memory deployment) TransportBase(deployment, Component.LAYER_ZERO_TRANSPORT) {
        ILayerZeroEndpointV2(protocol).setDelegate(address(this));
    }

    /// @inheritdoc ILayerZeroReceiver
    function lzReceive(
        Origin calldata origin,
        bytes32, /* guid */
        bytes calldata message,
        address, /* executor */
        bytes calldata /* extraData */
    ) external payable {
        if (msg.value != 0) revert UnexpectedValue(msg.value);
        _deliver(origin.srcEid, abi.encode(origin.sender), message);
    }

    /// @inheritdoc ILayerZeroReceiver
    function allowInitializePath(Origin calldata origin) external view returns (bool) {
        return origin.sender != 0 && origin.sender == _peerAt(origin.srcEid);
    }

    /// @inheritdoc ILayerZeroReceiver
    /// @dev Zero: in any order. Order comes from hop and revision.
    function nextNonce(uint32, bytes32) external pure returns (uint64) {
        return 0;
    }

    function _protocolIn(ChainEntry memory entry) internal pure override returns (address, uint64) {
        return (entry.lzEndpoint, entry.lzEid);
    }

    function _quote(
        uint64 lzEid,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit
    ) internal view override returns (uint256) {
        MessagingFee memory fee = ILayerZeroEndpointV2(protocol)
            .quote(_toLayerZero(lzEid, peer, message, gasLimit), address(this));
        return fee.nativeFee;
    }

    /// @dev The endpoint checks the fee and returns what is too much: asking it before would cost as much as sending.
    function _send(
        uint64 lzEid,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit,
        address refundTo
    ) internal override returns (bytes32) {
        return ILayerZeroEndpointV2(protocol)
        .send{value: msg.value}(
            _toLayerZero(lzEid, peer, message, gasLimit), refundTo
        )
        .guid;
    }

    function _toLayerZero(
        uint64 lzEid,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit
    ) private pure returns (MessagingParams memory) {
        return MessagingParams({
            dstEid: uint32(lzEid),
            receiver: peer,
            message: message,
            // Options type 3 with one entry: worker 1 (executor), 17 bytes, option 1 (lzReceive), gas as uint128.
            options: abi.encodePacked(uint16(3), uint8(1), uint16(17), uint8(1), uint128(gasLimit)),
            payInLzToken: false
        });
    }
}
