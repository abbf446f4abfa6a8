// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Sells works for tokens and pays what ERC-2981 asks: work, price and royalty in one transaction.
/// @notice For local chains and tests.
contract TestMarket {
    using SafeERC20 for IERC20;

    struct Listing {
        address seller;
        IERC20 money;
        uint256 price;
    }

    mapping(IERC721 works => mapping(uint256 workId => Listing)) private _listings;

    error NotListed(IERC721 works, uint256 workId);

    /// @notice The holder, who has approved this contract for the work, asks a price.
    function list(IERC721 works, uint256 workId, IERC20 money, uint256 price) external {
        _listings[works][workId] = Listing(msg.sender, money, price);
    }

    /// @notice Anyone who has approved the price.
    function buy(IERC721 works, uint256 workId) external {
        Listing memory listing = _listings[works][workId];
        if (listing.seller == address(0)) revert NotListed(works, workId);
        delete _listings[works][workId];
        (address receiver, uint256 royalty) = IERC2981(address(works)).royaltyInfo(workId, listing.price);
        listing.money.safeTransferFrom(msg.sender, listing.seller, listing.price - royalty);
        listing.money.safeTransferFrom(msg.sender, receiver, royalty);
        works.safeTransferFrom(listing.seller, msg.sender, workId);
    }
}
