// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IGatewayUser} from "./interfaces/IGatewayUser.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";

/// @title The pointer to the registry's Gateway. See {IGatewayUser}.
abstract contract GatewayUser is IGatewayUser {
    address private immutable QUEUE;

    /// @inheritdoc IGatewayUser
    address public gateway;

    modifier onlyQueue() {
        _requireQueue();
        _;
    }

    constructor(Deployment memory deployment) {
        QUEUE = deployment.components[uint256(Component.DELAYED_QUEUE)];
        gateway = deployment.components[uint256(Component.GATEWAY)];
    }

    /// @inheritdoc IGatewayUser
    function setGateway(address current) public virtual onlyQueue {
        address previous = gateway;
        gateway = current;
        emit GatewayReplaced(previous, current);
    }

    function _requireQueue() internal view {
        if (msg.sender != QUEUE) revert NotQueue(msg.sender);
    }
}
