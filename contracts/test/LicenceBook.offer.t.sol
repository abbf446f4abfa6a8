// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {LicenceBook} from "../src/LicenceBook.sol";
import {ILicenceBook, Offer} from "../src/interfaces/ILicenceBook.sol";
import {LicenceWorld} from "./support/LicenceWorld.sol";

contract LicenceBookOfferTest is LicenceWorld {
    function test_receiver_isTheComponent_orTheManifestsWithoutOne() public {
        assertEq(books[HOME].receiver(), ARTIST);
        assertEq(_deploy(HOME, ARTIST, BOB).receiver(), BOB);
    }

    function test_addTemplate_makesATextKnown() public {
        bytes32 text = keccak256("another text");
        vm.expectEmit(address(books[BASE]));
        emit ILicenceBook.TemplateAdded(text, "ipfs://another");
        vm.prank(POLICY);
        books[BASE].addTemplate(text, "ipfs://another");
        assertEq(books[BASE].uriOf(text), "ipfs://another");
    }

    function test_addTemplate_RevertWhen_HashOrUriIsMissing() public {
        vm.startPrank(POLICY);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.TemplateInvalid.selector, bytes32(0)));
        books[HOME].addTemplate(0, "ipfs://nothing");
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.TemplateInvalid.selector, keccak256("text")));
        books[HOME].addTemplate(keccak256("text"), "");
    }

    function test_addTemplate_RevertWhen_TheTextIsThere() public {
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.TemplateExists.selector, TEXT));
        vm.prank(POLICY);
        books[HOME].addTemplate(TEXT, "ipfs://elsewhere");
    }

    function test_terms_RevertWhen_CallerHasNotThePolicyRole() public {
        _offer(HOME, _terms());
        LicenceBook book = books[HOME];
        Offer memory terms = _terms();
        bytes memory refusal = abi.encodeWithSelector(ILicenceBook.LicenceUnauthorized.selector, OWNER);
        vm.startPrank(OWNER);
        vm.expectRevert(refusal);
        book.addTemplate(keccak256("text"), "ipfs://text");
        vm.expectRevert(refusal);
        book.offer(terms);
        vm.expectRevert(refusal);
        book.withdrawOffer(0);
        vm.stopPrank();
        assertTrue(book.isOpen(0));
    }

    function test_offer_isKeptAsItWasMade() public {
        Offer memory terms = _terms();
        vm.expectEmit(address(books[BASE]));
        emit ILicenceBook.LicenceOffered(0, TEXT, terms);
        assertEq(_offer(BASE, terms), 0);
        assertEq(_offer(BASE, terms), 1);
        assertEq(abi.encode(books[BASE].offerOf(1)), abi.encode(terms));
        assertTrue(books[BASE].isOpen(1));
    }

    function test_offer_RevertWhen_TheTemplateIsUnknown() public {
        Offer memory terms = _terms();
        terms.templateHash = keccak256("unknown");
        _expectRefusal(terms, abi.encodeWithSelector(ILicenceBook.TemplateUnknown.selector, terms.templateHash));
    }

    function test_offer_RevertWhen_TheCurrencyIsNoContract() public {
        Offer memory terms = _terms();
        terms.currency = BOB;
        _expectRefusal(terms, abi.encodeWithSelector(ILicenceBook.CurrencyInvalid.selector, BOB));
    }

    function test_offer_RevertWhen_ThereAreTooManyWorks() public {
        Offer memory terms = _terms();
        uint256 limit = books[HOME].MAX_WORKS();
        terms.workIds = new uint256[](limit);
        _offer(HOME, terms);
        terms.workIds = new uint256[](limit + 1);
        _expectRefusal(terms, abi.encodeWithSelector(ILicenceBook.TooManyWorks.selector, limit, limit + 1));
    }

    function test_offer_RevertWhen_ItClosesAtOnce() public {
        Offer memory terms = _terms();
        terms.closesAt = uint64(block.timestamp) + 1;
        _offer(HOME, terms);
        terms.closesAt = uint64(block.timestamp);
        _expectRefusal(terms, abi.encodeWithSelector(ILicenceBook.OfferClosesInThePast.selector, terms.closesAt));
    }

    function test_withdrawOffer_endsItOnce() public {
        _offer(HOME, _terms());
        vm.startPrank(POLICY);
        vm.expectEmit(address(books[HOME]));
        emit ILicenceBook.OfferWithdrawn(0);
        books[HOME].withdrawOffer(0);
        vm.recordLogs();
        books[HOME].withdrawOffer(0);
        assertEq(vm.getRecordedLogs().length, 0);
        assertFalse(books[HOME].isOpen(0));
    }

    function test_offers_RevertWhen_Unknown() public {
        bytes memory refusal = abi.encodeWithSelector(ILicenceBook.OfferUnknown.selector, 0);
        vm.expectRevert(refusal);
        books[HOME].offerOf(0);
        vm.expectRevert(refusal);
        vm.prank(POLICY);
        books[HOME].withdrawOffer(0);
        vm.expectRevert(refusal);
        books[HOME].buy(0, ALICE);
        assertFalse(books[HOME].isOpen(0));
    }

    function _expectRefusal(Offer memory terms, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(POLICY);
        books[HOME].offer(terms);
    }
}
