// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Native money and ERC-20 by one name: a token's address, zero for native money.
library Money {
    using SafeERC20 for IERC20;

    address internal constant NATIVE = address(0);

    /// @dev What this contract has of a token.
    function balanceOf(address token) internal view returns (uint256) {
        return token == NATIVE ? address(this).balance : IERC20(token).balanceOf(address(this));
    }

    /// @dev Sends without reverting when the recipient or the token does: the balance tells whether it did. A recipient's
    /// return data is never copied, so it cannot make the caller pay for memory.
    /// @param gasLimit Gas for the recipient of native money.
    function trySend(address token, address to, uint256 amount, uint256 gasLimit) internal {
        if (token != NATIVE) {
            IERC20(token).trySafeTransfer(to, amount);
            return;
        }
        assembly ("memory-safe") {
            pop(call(gasLimit, to, amount, 0, 0, 0, 0))
        }
    }
}
