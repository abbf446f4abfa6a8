// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {
    ILayerZeroEndpointV2,
    MessagingFee,
    MessagingParams,
    Origin
} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {ILayerZeroReceiver} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroReceiver.sol";
import {
    IMessageLibManager,
    SetConfigParam
} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/IMessageLibManager.sol";
import {IMessagingChannel} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/IMessagingChannel.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ILayerZeroTransport} from "./interfaces/ILayerZeroTransport.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {LzConfigs} from "./libraries/LzConfigs.sol";
import {Manifests} from "./libraries/Manifests.sol";
import {TransportBase} from "./TransportBase.sol";

/// @title Statements over LayerZero V2, paid in native money.
/// @dev It is its own delegate and sets its libraries, verifiers and executor for each peer at its birth, never
/// using LayerZero's defaults, which LayerZero can change. Later changes come through the delayed queue.
/// https://docs.layerzero.network/v2/developers/evm/overview (read 2026-11).
contract LayerZeroTransport is TransportBase, ILayerZeroReceiver, ILayerZeroTransport {
    /// @dev Greatest message, in bytes, and most gas for its delivery. The first is set as the executor's; the second
    /// stays below what executors take, and below the blocks of all target chains.
    uint32 private constant MAX_BYTES = 30_000;
    uint256 private constant MAX_GAS = 3_000_000;

    constructor(Deployment memory deployment) TransportBase(deployment, Component.LAYER_ZERO_TRANSPORT) {
        ILayerZeroEndpointV2(protocol).setDelegate(address(this));
        ChainEntry memory local = Manifests.localEntry(deployment.manifest);
        ChainEntry[] memory chains = deployment.manifest.chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            if (protocolChainIdOf[chains[i].chainHash] != 0) _configure(local, chains[i]);
        }
    }

    /// @inheritdoc ILayerZeroTransport
    function callEndpoint(bytes calldata data) external onlyQueue {
        bytes4 selector = bytes4(data);
        if (!_isConfiguration(selector)) revert NotConfiguration(selector);
        Address.functionCall(protocol, data);
        emit EndpointCalled(selector, data);
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
        return _sourceOf(origin.srcEid, abi.encode(origin.sender)) != 0;
    }

    /// @inheritdoc ILayerZeroReceiver
    /// @dev Zero: in any order. Order comes from hop and revision.
    function nextNonce(uint32, bytes32) external pure returns (uint64) {
        return 0;
    }

    function _protocolIn(ChainEntry memory entry) internal pure override returns (address, uint64) {
        return (entry.lzEndpoint, entry.lzEid);
    }

    function _limits() internal pure override returns (uint256, uint256) {
        return (MAX_BYTES, MAX_GAS);
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

    /// @dev Messages to a peer are verified by our chain's DVNs after our chain's confirmations; what comes from it, by
    /// the same services' contracts here, after the peer's confirmations.
    function _configure(ChainEntry memory local, ChainEntry memory peer) private {
        ILayerZeroEndpointV2 endpoint = ILayerZeroEndpointV2(protocol);
        endpoint.setSendLibrary(address(this), peer.lzEid, local.lzSendLibrary);
        endpoint.setReceiveLibrary(address(this), peer.lzEid, local.lzReceiveLibrary, 0);

        SetConfigParam[] memory sending = new SetConfigParam[](2);
        sending[0] = SetConfigParam(peer.lzEid, LzConfigs.EXECUTOR, LzConfigs.executor(MAX_BYTES, local.lzExecutor));
        sending[1] = SetConfigParam(peer.lzEid, LzConfigs.ULN, LzConfigs.uln(local.lzConfirmations, local.lzDvns));
        endpoint.setConfig(address(this), local.lzSendLibrary, sending);

        SetConfigParam[] memory receiving = new SetConfigParam[](1);
        receiving[0] = SetConfigParam(peer.lzEid, LzConfigs.ULN, LzConfigs.uln(peer.lzConfirmations, local.lzDvns));
        endpoint.setConfig(address(this), local.lzReceiveLibrary, receiving);
    }

    /// @dev What concerns only this contract's libraries, verifiers and queue of messages: no sending, no delegate.
    function _isConfiguration(bytes4 selector) private pure returns (bool) {
        return selector == IMessageLibManager.setConfig.selector
            || selector == IMessageLibManager.setSendLibrary.selector
            || selector == IMessageLibManager.setReceiveLibrary.selector
            || selector == IMessageLibManager.setReceiveLibraryTimeout.selector
            || selector == IMessagingChannel.skip.selector || selector == IMessagingChannel.nilify.selector
            || selector == IMessagingChannel.burn.selector || selector == ILayerZeroEndpointV2.clear.selector;
    }
}
