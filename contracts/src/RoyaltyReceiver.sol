// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {IRoyaltyReceiver} from "./interfaces/IRoyaltyReceiver.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";

/// @title Where marketplaces pay the royalties of one registry on one chain. See {IRoyaltyReceiver}.
contract RoyaltyReceiver is IRoyaltyReceiver {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRoyaltyReceiver
    address public immutable vault;

    constructor(Deployment memory deployment) {
        vault = deployment.components[uint256(Component.ROYALTY_VAULT)];
    }

    /// @inheritdoc IRoyaltyReceiver
    receive() external payable {
        emit NativeReceived(msg.sender, msg.value);
    }

    /// @inheritdoc IRoyaltyReceiver
    function forward(address token) external returns (uint256 received) {
        uint256 amount = token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
        if (amount == 0) revert NothingToForward(token);
        if (token == address(0)) {
            received = IRoyaltyVault(vault).deposit{value: amount}(token, amount);
        } else {
            IERC20(token).forceApprove(vault, amount);
            received = IRoyaltyVault(vault).deposit(token, amount);
        }
        emit Forwarded(token, amount, received);
    }
}
