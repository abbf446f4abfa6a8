// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @dev An ERC-721 that behaves as told, with an admin who can take any token.
contract AdoptedToken is ERC721 {
    enum Mood {
        HONEST,
        MOVE_NOTHING,
        REFUSE,
        BURN_ALL_GAS,
        HUGE_ANSWER,
        CALL_BACK
    }

    Mood public mood;
    address public owner;
    address private _liesTo;
    address private _target;
    bytes private _order;
    bool public calledBack;

    constructor() ERC721("Adopted", "OLD") {
        owner = msg.sender;
    }

    function mint(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }

    function behave(Mood mood_) external {
        mood = mood_;
    }

    /// @dev From now on `liesTo` owns everything, it says.
    function lie(address liesTo) external {
        _liesTo = liesTo;
    }

    function callBack(address target, bytes calldata order) external {
        mood = Mood.CALL_BACK;
        (_target, _order) = (target, order);
    }

    function take(address to, uint256 tokenId) external {
        _update(to, tokenId, address(0));
    }

    function ownerOf(uint256 tokenId) public view override returns (address) {
        return _liesTo == address(0) ? super.ownerOf(tokenId) : _liesTo;
    }

    function transferFrom(address from, address to, uint256 tokenId) public override {
        if (mood == Mood.MOVE_NOTHING) return;
        if (mood == Mood.REFUSE) revert("not now");
        if (mood == Mood.BURN_ALL_GAS) while (true) owner = msg.sender;
        if (mood == Mood.HUGE_ANSWER) {
            assembly {
                revert(0, 100000)
            }
        }
        if (mood == Mood.CALL_BACK) (calledBack,) = _target.call(_order);
        super.transferFrom(from, to, tokenId);
    }
}
