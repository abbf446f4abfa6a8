// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Calls of an ERC-721 that nobody vouches for: none of them reverts, copies more than one word of an answer,
/// or spends more than its gas.
library CarefulCalls {
    /// @dev For reading an owner. A proxy in front of a cold storage slot needs a tenth.
    uint256 internal constant LOOK_GAS = 50_000;

    /// @dev Success is not reported, as it proves nothing: look at the owner.
    function transfer(address token, address to, uint256 tokenId, uint256 gasLimit) internal {
        bytes memory order = abi.encodeCall(IERC721.transferFrom, (address(this), to, tokenId));
        assembly ("memory-safe") {
            pop(call(gasLimit, token, 0, add(order, 0x20), mload(order), 0x00, 0x00))
        }
    }

    /// @return The token's owner; zero if there is no clear answer.
    function ownerOf(address token, uint256 tokenId) internal view returns (address) {
        return _ask(token, abi.encodeCall(IERC721.ownerOf, (tokenId)));
    }

    /// @return The contract's own owner; zero if there is no clear answer.
    function ownerOf(address token) internal view returns (address) {
        return _ask(token, abi.encodeWithSignature("owner()"));
    }

    function _ask(address token, bytes memory question) private view returns (address) {
        uint256 answer = 0;
        assembly ("memory-safe") {
            let called := staticcall(LOOK_GAS, token, add(question, 0x20), mload(question), 0x00, 0x20)
            if and(called, gt(returndatasize(), 0x1f)) { answer := mload(0x00) }
        }
        return answer >> 160 == 0 ? address(uint160(answer)) : address(0);
    }
}
