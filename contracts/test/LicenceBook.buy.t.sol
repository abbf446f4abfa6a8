// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {LicenceBook} from "../src/LicenceBook.sol";
import {Grant, ILicenceBook, Offer} from "../src/interfaces/ILicenceBook.sol";
import {FeeToken, GreedyReceiver, LicenceWorld} from "./support/LicenceWorld.sol";

contract LicenceBookBuyTest is LicenceWorld {
    function test_buy_paysTheReceiverAndLicensesTheHolder() public {
        uint256 offerId = _offer(BASE, _terms());
        LicenceBook book = books[BASE];
        bytes32 expected = keccak256(abi.encode(REGISTRY_ID, hashes[BASE], uint64(1)));
        vm.expectEmit(true, true, true, false, address(book));
        Grant memory any;
        emit ILicenceBook.LicenceBought(expected, offerId, BOB, ALICE, any);
        vm.prank(ALICE);
        bytes32 grantId = book.buy{value: PRICE}(offerId, BOB);

        assertEq(grantId, expected);
        assertEq(ARTIST.balance, PRICE);
        assertEq(address(book).balance, 0);
        assertTrue(book.isLicensed(WORK, BOB, TEXT));
        assertFalse(book.isLicensed(OTHER_WORK, BOB, TEXT));
        assertFalse(book.isLicensed(WORK, ALICE, TEXT));
        assertFalse(book.isLicensed(WORK, BOB, keccak256("another text")));
        Grant memory grant = book.grantOf(grantId);
        assertEq(grant.revision, 1);
        assertEq(grant.grantedAt, block.timestamp);
        assertEq(grant.expiresAt, block.timestamp + 365 days);
    }

    function test_buy_ofTheWholeProject_coversEveryWork() public {
        Offer memory terms = _terms();
        terms.workIds = new uint256[](0);
        bytes32 grantId = _buy(BASE, terms);
        assertTrue(books[BASE].isLicensed(WORK, ALICE, TEXT));
        assertTrue(books[BASE].covers(grantId, OTHER_WORK, ALICE));
        assertFalse(books[BASE].covers(grantId, OTHER_WORK, BOB));
    }

    function test_buy_gives_eachPurchaseAGrantOfItsOwn() public {
        bytes32 first = _buy(BASE, _terms());
        vm.prank(ALICE);
        bytes32 second = books[BASE].buy{value: PRICE}(0, ALICE);
        assertNotEq(first, second);
        assertEq(books[BASE].grantsOf(ALICE, TEXT).length, 2);
        _revoke(BASE, first);
        assertTrue(books[BASE].isLicensed(WORK, ALICE, TEXT));
    }

    function test_grant_endsWithItsTerm() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.warp(block.timestamp + 365 days - 1);
        assertTrue(books[BASE].isLicensed(WORK, ALICE, TEXT));
        vm.warp(block.timestamp + 1);
        assertFalse(books[BASE].isLicensed(WORK, ALICE, TEXT));
        assertFalse(books[BASE].covers(grantId, WORK, ALICE));
    }

    function test_grant_withoutTerm_lastsForEver() public {
        Offer memory terms = _terms();
        terms.termSeconds = 0;
        _buy(BASE, terms);
        vm.warp(block.timestamp + 1000 * 365 days);
        assertTrue(books[BASE].isLicensed(WORK, ALICE, TEXT));
    }

    function test_covers_nothingWithoutAGrant() public view {
        assertFalse(books[BASE].covers(0, WORK, address(0)));
    }

    function test_buy_RevertWhen_ThePriceIsNotMet_orExceeded() public {
        uint256 offerId = _offer(BASE, _terms());
        LicenceBook book = books[BASE];
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.WrongPayment.selector, PRICE, PRICE - 1));
        book.buy{value: PRICE - 1}(offerId, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.WrongPayment.selector, PRICE, PRICE + 1));
        book.buy{value: PRICE + 1}(offerId, ALICE);
        vm.stopPrank();
        assertEq(book.grantsOf(ALICE, TEXT).length, 0);
        assertEq(ARTIST.balance, 0);
    }

    function test_buy_forNothing_asksNothingOfTheReceiver() public {
        GreedyReceiver unwilling = new GreedyReceiver();
        unwilling.setRefuses(true);
        books[BASE] = _deploy(BASE, address(unwilling), address(0));
        vm.prank(POLICY);
        books[BASE].addTemplate(TEXT, "ipfs://print");
        Offer memory terms = _terms();
        terms.price = 0;
        _buy(BASE, terms);
        assertTrue(books[BASE].isLicensed(WORK, ALICE, TEXT));
    }

    function test_buy_RevertWhen_TheOfferIsOver() public {
        Offer memory terms = _terms();
        terms.closesAt = uint64(block.timestamp) + 10;
        uint256 offerId = _offer(BASE, terms);
        vm.warp(terms.closesAt);
        LicenceBook book = books[BASE];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.OfferClosed.selector, offerId, terms.closesAt));
        vm.prank(ALICE);
        book.buy{value: PRICE}(offerId, ALICE);
    }

    function test_buy_RevertWhen_TheOfferIsWithdrawn() public {
        uint256 offerId = _offer(BASE, _terms());
        LicenceBook book = books[BASE];
        vm.prank(POLICY);
        book.withdrawOffer(offerId);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.OfferClosed.selector, offerId, 0));
        vm.prank(ALICE);
        book.buy{value: PRICE}(offerId, ALICE);
    }

    function test_buy_RevertWhen_HolderIsNobody() public {
        uint256 offerId = _offer(BASE, _terms());
        LicenceBook book = books[BASE];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.HolderInvalid.selector, address(0)));
        vm.prank(ALICE);
        book.buy{value: PRICE}(offerId, address(0));
    }

    function test_buy_RevertWhen_TheReceiverRefuses() public {
        GreedyReceiver greedy = _greedyReceiver();
        greedy.setRefuses(true);
        LicenceBook book = books[BASE];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.PaymentRefused.selector, address(greedy), PRICE));
        vm.prank(ALICE);
        book.buy{value: PRICE}(0, ALICE);
    }

    function test_buy_cannotBeEnteredAgainByTheReceiver() public {
        GreedyReceiver greedy = _greedyReceiver();
        vm.prank(ALICE);
        books[BASE].buy{value: PRICE}(0, ALICE);
        assertEq(bytes4(greedy.answer()), ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
    }

    function test_buy_inATokensMoney_paysExactlyThePrice() public {
        (FeeToken token, uint256 offerId) = _offerForTokens(0);
        vm.prank(ALICE);
        books[BASE].buy(offerId, ALICE);
        assertEq(token.balanceOf(ARTIST), PRICE);
        assertEq(token.balanceOf(address(books[BASE])), 0);
        assertEq(token.balanceOf(ALICE), 9 * PRICE);
    }

    function test_buy_RevertWhen_TheTokenKeepsAPart() public {
        (, uint256 offerId) = _offerForTokens(3);
        LicenceBook book = books[BASE];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.WrongPayment.selector, PRICE, PRICE - 3));
        vm.prank(ALICE);
        book.buy(offerId, ALICE);
    }

    function test_buy_RevertWhen_NativeMoneyComesAlongWithAToken() public {
        (, uint256 offerId) = _offerForTokens(0);
        LicenceBook book = books[BASE];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.WrongPayment.selector, 0, 1));
        vm.prank(ALICE);
        book.buy{value: 1}(offerId, ALICE);
    }

    function test_buy_RevertWhen_TheTokenIsNotApproved() public {
        (FeeToken token, uint256 offerId) = _offerForTokens(0);
        LicenceBook book = books[BASE];
        vm.startPrank(ALICE);
        token.approve(address(book), PRICE - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(book), PRICE - 1, PRICE)
        );
        book.buy(offerId, ALICE);
    }

    /// @dev Ten times the price in Alice's hands.
    function _offerForTokens(uint256 fee) private returns (FeeToken token, uint256 offerId) {
        token = new FeeToken(fee);
        Offer memory terms = _terms();
        terms.currency = address(token);
        offerId = _offer(BASE, terms);
        token.mint(ALICE, 10 * PRICE);
        vm.prank(ALICE);
        token.approve(address(books[BASE]), type(uint256).max);
    }

    /// @dev A book on Base with an offer, whose receiver buys back.
    function _greedyReceiver() private returns (GreedyReceiver greedy) {
        greedy = new GreedyReceiver();
        books[BASE] = _deploy(BASE, ARTIST, address(greedy));
        greedy.setBook(books[BASE]);
        vm.prank(POLICY);
        books[BASE].addTemplate(TEXT, "ipfs://print");
        _offer(BASE, _terms());
    }
}
