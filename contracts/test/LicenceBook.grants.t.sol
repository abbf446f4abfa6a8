// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {LicenceBook} from "../src/LicenceBook.sol";
import {Grant, ILicenceBook, Offer} from "../src/interfaces/ILicenceBook.sol";
import {LicenceWorld} from "./support/LicenceWorld.sol";

contract LicenceBookGrantsTest is LicenceWorld {
    function test_transfer_licensesTheNewHolderAlone() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectEmit(address(books[BASE]));
        emit ILicenceBook.LicenceTransferred(grantId, ALICE, BOB, 2);
        _transfer(BASE, grantId, ALICE, BOB);
        _assertLicensed(BASE, BOB, grantId, 2);
        assertFalse(books[BASE].isLicensed(WORK, ALICE, TEXT));
        assertEq(books[BASE].grantsOf(ALICE, TEXT).length, 0);
        assertEq(books[BASE].grantsOf(BOB, TEXT).length, 1);
    }

    function test_transfer_RevertWhen_NotTheHolder() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.LicenceUnauthorized.selector, BOB));
        _transfer(BASE, grantId, BOB, BOB);
    }

    function test_transfer_RevertWhen_TermsForbidIt() public {
        Offer memory terms = _terms();
        terms.transferable = false;
        bytes32 grantId = _buy(BASE, terms);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.GrantNotTransferable.selector, grantId));
        _transfer(BASE, grantId, ALICE, BOB);
    }

    function test_transfer_RevertWhen_ToNobody() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.HolderInvalid.selector, address(0)));
        _transfer(BASE, grantId, ALICE, address(0));
    }

    function test_revoke_endsTheGrant() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectEmit(address(books[BASE]));
        emit ILicenceBook.LicenceRevoked(grantId, ALICE, keccak256("reason"), 2);
        _revoke(BASE, grantId);
        assertFalse(books[BASE].isLicensed(WORK, ALICE, TEXT));
        assertFalse(books[BASE].covers(grantId, WORK, ALICE));
        assertEq(books[BASE].grantsOf(ALICE, TEXT).length, 0);
        assertTrue(books[BASE].grantOf(grantId).revoked);
    }

    function test_revoke_RevertWhen_CallerHasNotThePolicyRole() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.LicenceUnauthorized.selector, ALICE));
        vm.prank(ALICE);
        books[BASE].revoke(grantId, 0);
    }

    function test_revoke_RevertWhen_TermsForbidIt() public {
        Offer memory terms = _terms();
        terms.revocable = false;
        bytes32 grantId = _buy(BASE, terms);
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.GrantNotRevocable.selector, grantId));
        _revoke(BASE, grantId);
    }

    function test_changes_RevertWhen_TheGrantIsOver() public {
        bytes32 revoked = _buy(BASE, _terms());
        bytes32 expired = _buy(BASE, _terms());
        uint64 expiresAt = books[BASE].grantOf(expired).expiresAt;
        _revoke(BASE, revoked);
        _expectOver(revoked, expiresAt);
        vm.warp(expiresAt);
        _expectOver(expired, expiresAt);
    }

    function test_changes_RevertWhen_TheGrantIsUnknown() public {
        bytes memory refusal = abi.encodeWithSelector(ILicenceBook.GrantUnknown.selector, bytes32(0));
        vm.expectRevert(refusal);
        _transfer(BASE, 0, ALICE, BOB);
        vm.expectRevert(refusal);
        _revoke(BASE, 0);
        vm.expectRevert(refusal);
        books[BASE].grantOf(0);
        vm.expectRevert(refusal);
        books[BASE].statementOf(0, hashes[HOME]);
    }

    function test_changes_RevertWhen_AnotherChainIssuedIt() public {
        bytes32 grantId = _buy(BASE, _terms());
        _carry(BASE, HOME, grantId);
        bytes memory refusal = abi.encodeWithSelector(ILicenceBook.GrantIssuedElsewhere.selector, grantId, hashes[BASE]);
        vm.expectRevert(refusal);
        _transfer(HOME, grantId, ALICE, BOB);
        vm.expectRevert(refusal);
        _revoke(HOME, grantId);
    }

    function test_grants_holdOnEveryChain_byWayOfHome() public {
        bytes32 fromBase = _buy(BASE, _terms());
        _carry(BASE, HOME, fromBase);
        _carry(HOME, MOONBEAM, fromBase);
        bytes32 fromHome = _buy(HOME, _terms());
        _carry(HOME, BASE, fromHome);
        _carry(HOME, MOONBEAM, fromHome);
        for (uint256 i = 0; i < 3; ++i) {
            _assertLicensed(i, ALICE, fromBase, 1);
            _assertLicensed(i, ALICE, fromHome, 1);
            assertEq(books[i].grantsOf(ALICE, TEXT).length, 2);
        }
    }

    function test_applyGrant_tellsWhatItTookOver() public {
        bytes32 grantId = _buy(BASE, _terms());
        vm.expectEmit(address(books[HOME]));
        emit ILicenceBook.GrantApplied(grantId, ALICE, 1, books[BASE].grantOf(grantId));
        _carry(BASE, HOME, grantId);
    }

    function test_transferAndRevocation_reachEveryChain() public {
        bytes32 grantId = _buy(BASE, _terms());
        _carry(BASE, HOME, grantId);
        _transfer(BASE, grantId, ALICE, BOB);
        _carry(BASE, HOME, grantId);
        _assertLicensed(HOME, BOB, grantId, 2);
        assertFalse(books[HOME].isLicensed(WORK, ALICE, TEXT));
        assertEq(books[HOME].grantsOf(ALICE, TEXT).length, 0);
        _revoke(BASE, grantId);
        _carry(BASE, HOME, grantId);
        assertFalse(books[HOME].isLicensed(WORK, BOB, TEXT));
        assertEq(books[HOME].grantsOf(BOB, TEXT).length, 0);
        // A chain that hears of it for the first time takes the last revision, and nobody is licensed.
        _carry(HOME, MOONBEAM, grantId);
        assertEq(books[MOONBEAM].grantOf(grantId).revision, 3);
        assertEq(books[MOONBEAM].grantsOf(BOB, TEXT).length, 0);
    }

    function test_expiry_holdsOnEveryChainWithoutAWord() public {
        bytes32 grantId = _buy(BASE, _terms());
        _carry(BASE, HOME, grantId);
        vm.warp(block.timestamp + 365 days);
        assertFalse(books[HOME].isLicensed(WORK, ALICE, TEXT));
    }

    /// @dev Whatever order and repetition: the greatest revision delivered is what stands.
    function testFuzz_applyGrant_keepsTheGreatestRevision(uint8[12] calldata order) public {
        bytes32 grantId = _buy(BASE, _terms());
        Grant[4] memory stated;
        stated[0] = _stated(BASE, HOME, grantId);
        _transfer(BASE, grantId, ALICE, BOB);
        stated[1] = _stated(BASE, HOME, grantId);
        _transfer(BASE, grantId, BOB, ALICE);
        stated[2] = _stated(BASE, HOME, grantId);
        _revoke(BASE, grantId);
        stated[3] = _stated(BASE, HOME, grantId);

        uint256 greatest = 0;
        for (uint256 i = 0; i < order.length; ++i) {
            uint256 which = order[i] % 4;
            if (which > greatest) greatest = which;
            books[HOME].applyGrant(hashes[BASE], stated[which]);
            if (which < greatest) continue;
            assertEq(abi.encode(books[HOME].grantOf(grantId)), abi.encode(stated[greatest]));
        }
        assertEq(abi.encode(books[HOME].grantOf(grantId)), abi.encode(stated[greatest]));
        assertEq(books[HOME].isLicensed(WORK, ALICE, TEXT), greatest == 0 || greatest == 2);
        assertEq(books[HOME].isLicensed(WORK, BOB, TEXT), greatest == 1);
        assertEq(
            books[HOME].grantsOf(ALICE, TEXT).length + books[HOME].grantsOf(BOB, TEXT).length, greatest == 3 ? 0 : 1
        );
    }

    function test_applyGrant_changesNothing_whenItComesTwice() public {
        bytes32 grantId = _buy(BASE, _terms());
        _carry(BASE, HOME, grantId);
        vm.recordLogs();
        _carry(BASE, HOME, grantId);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_applyGrant_RevertWhen_CallerIsNotTheGateway() public {
        Grant memory grant = _stated(BASE, HOME, _buy(BASE, _terms()));
        LicenceBook home = books[HOME];
        vm.expectRevert(abi.encodeWithSelector(ILicenceBook.LicenceUnauthorized.selector, BOB));
        vm.prank(BOB);
        home.applyGrant(hashes[BASE], grant);
    }

    /// @dev A weak chain can forge what it issues itself, and nothing else.
    function test_applyGrant_RevertWhen_AMirrorSpeaksForAnotherChain() public {
        Grant memory grant = books[BASE].grantOf(_buy(BASE, _terms()));
        _expectWrongRoute(HOME, MOONBEAM, grant);
        grant.issuerChainHash = hashes[HOME];
        _expectWrongRoute(HOME, MOONBEAM, grant);
        _expectWrongRoute(HOME, HOME, grant);
    }

    function test_applyGrant_RevertWhen_ItIsNotFromHome_orAboutAnOwnGrant() public {
        Grant memory grant = books[BASE].grantOf(_buy(BASE, _terms()));
        _expectWrongRoute(MOONBEAM, BASE, grant);
        _expectWrongRoute(BASE, HOME, grant);
    }

    function test_statementOf_RevertWhen_TheDestinationHasNothingToLearn() public {
        bytes32 grantId = _buy(BASE, _terms());
        _carry(BASE, HOME, grantId);
        _expectNothingToState(BASE, MOONBEAM, grantId);
        _expectNothingToState(BASE, BASE, grantId);
        _expectNothingToState(HOME, BASE, grantId);
        _expectNothingToState(HOME, HOME, grantId);
        _carry(HOME, MOONBEAM, grantId);
        _expectNothingToState(MOONBEAM, HOME, grantId);
    }

    function _assertLicensed(uint256 chain, address holder, bytes32 grantId, uint64 revision) private view {
        assertTrue(books[chain].isLicensed(WORK, holder, TEXT));
        assertTrue(books[chain].covers(grantId, WORK, holder));
        assertEq(books[chain].grantOf(grantId).revision, revision);
        assertEq(books[chain].grantOf(grantId).holder, holder);
    }

    function _expectOver(bytes32 grantId, uint64 expiresAt) private {
        bytes memory refusal = abi.encodeWithSelector(ILicenceBook.GrantOver.selector, grantId, expiresAt);
        vm.expectRevert(refusal);
        _transfer(BASE, grantId, ALICE, BOB);
        vm.expectRevert(refusal);
        _revoke(BASE, grantId);
    }

    function _expectWrongRoute(uint256 dst, uint256 src, Grant memory grant) private {
        LicenceBook book = books[dst];
        vm.expectRevert(_wrongRoute(grant.issuerChainHash, src, dst));
        book.applyGrant(hashes[src], grant);
    }

    function _expectNothingToState(uint256 src, uint256 dst, bytes32 grantId) private {
        LicenceBook book = books[src];
        bytes32 dstChainHash = hashes[dst];
        vm.expectRevert(_wrongRoute(hashes[BASE], src, dst));
        book.statementOf(grantId, dstChainHash);
    }

    function _wrongRoute(bytes32 issuer, uint256 src, uint256 dst) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILicenceBook.WrongGrantRoute.selector, issuer, hashes[src], hashes[dst]);
    }
}
