// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {TransportBase} from "./TransportBase.sol";

/// @title Statements over Chainlink CCIP 1.6, paid in native money.
/// @dev https://docs.chain.link/ccip/api-reference/evm/v1.6.1 (read 2026-11).
contract CcipTransport is TransportBase, ERC165, IAny2EVMMessageReceiver {
    constructor(Deployment memory deployment) TransportBase(deployment, Component.CCIP_TRANSPORT) {}

    /// @inheritdoc IAny2EVMMessageReceiver
    function ccipReceive(Client.Any2EVMMessage calldata message) external {
        _deliver(message.sourceChainSelector, message.sender, message.data);
    }

    /// @inheritdoc IERC165
    /// @dev CCIP asks before it delivers, and silently skips a receiver that does not answer yes.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAny2EVMMessageReceiver).interfaceId || super.supportsInterface(interfaceId);
    }

    function _protocolIn(ChainEntry memory entry) internal pure override returns (address, uint64) {
        return (entry.ccipRouter, entry.ccipSelector);
    }

    /// @dev https://docs.chain.link/ccip/service-limits/evm (read 2026-11).
    function _limits() internal pure override returns (uint256, uint256) {
        return (30_000, 3_000_000);
    }

    function _quote(
        uint64 ccipSelector,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit
    ) internal view override returns (uint256) {
        return IRouterClient(protocol).getFee(ccipSelector, _toCcip(peer, message, gasLimit));
    }

    /// @dev The Router keeps whatever it is sent, so it is sent the fee.
    function _send(
        uint64 ccipSelector,
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit,
        address refundTo
    ) internal override returns (bytes32 messageId) {
        uint256 feeWei = _quote(ccipSelector, peer, message, gasLimit);
        if (msg.value < feeWei) revert InsufficientFee(feeWei, msg.value);
        messageId = IRouterClient(protocol).ccipSend{value: feeWei}(ccipSelector, _toCcip(peer, message, gasLimit));

        uint256 excessWei = msg.value - feeWei;
        if (excessWei == 0) return messageId;
        (bool refunded,) = refundTo.call{value: excessWei}("");
        if (!refunded) revert RefundFailed(refundTo, excessWei);
    }

    function _toCcip(
        bytes32 peer,
        bytes calldata message,
        uint256 gasLimit
    ) private pure returns (Client.EVM2AnyMessage memory) {
        return Client.EVM2AnyMessage({
            receiver: abi.encode(peer),
            data: message,
            tokenAmounts: new Client.EVMTokenAmount[](0),
            feeToken: address(0),
            // Order comes from hop and revision; one stuck message must not hold back the others.
            extraArgs: Client._argsToBytes(
                Client.GenericExtraArgsV2({gasLimit: gasLimit, allowOutOfOrderExecution: true})
            )
        });
    }
}
