// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {LicenceBook} from "../src/LicenceBook.sol";
import {IGateway, Transport} from "../src/interfaces/IGateway.sol";
import {Grant, Offer} from "../src/interfaces/ILicenceBook.sol";
import {Component, Deployment} from "../src/interfaces/IRegistryFactory.sol";
import {World} from "./support/World.sol";

/// @dev Licences through the real Gateways, transports and bridges' contracts.
contract LicenceBookTravelTest is World {
    bytes32 private constant TEXT = keccak256("You may print it.");
    uint256 private constant PRICE = 0.25 ether;
    uint256 private constant WORK = 7 << 96 | 1;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < CHAINS; ++i) {
            _on(i);
            deployCodeTo("LicenceBook.sol:LicenceBook", abi.encode(_deployment(i)), _bookAt(i));
            vm.prank(POLICY);
            _book(i).addTemplate(TEXT, "ipfs://print");
        }
        _openAllLanes();
    }

    function test_aGrant_boughtOnAMirror_holdsOnEveryChain() public {
        for (uint8 i = 1; i <= 2; ++i) {
            bytes32 grantId = _buy(BASE);
            _deliverCold(_sendGrant(BASE, HOME, Transport(i), grantId));
            _deliverCold(_sendGrant(HOME, MOONBEAM, Transport(i), grantId));
            for (uint256 chain = 0; chain < CHAINS; ++chain) {
                assertTrue(_book(chain).covers(grantId, WORK, ALICE));
            }
        }
    }

    function test_aRevocation_followsTheGrant_andComesNoEarlier() public {
        bytes32 grantId = _buy(HOME);
        Mail memory grantMail = _sendGrant(HOME, BASE, Transport.CCIP, grantId);
        vm.prank(POLICY);
        _book(HOME).revoke(grantId, 0);
        Mail memory revocation = _sendGrant(HOME, BASE, Transport.LAYER_ZERO, grantId);
        _deliverCold(revocation);
        _deliverCold(grantMail);
        Grant memory grant = _book(BASE).grantOf(grantId);
        assertEq(grant.revision, 2);
        assertTrue(grant.revoked);
        assertFalse(_book(BASE).isLicensed(WORK, ALICE, TEXT));
    }

    /// @dev As many works as an offer may name, to a chain where nothing is warm, with the gas that was bought.
    function _buy(uint256 chain) private returns (bytes32) {
        Offer memory terms;
        terms.templateHash = TEXT;
        terms.price = PRICE;
        terms.revocable = true;
        _on(chain);
        LicenceBook book = _book(chain);
        terms.workIds = new uint256[](book.MAX_WORKS());
        for (uint256 i = 0; i < terms.workIds.length; ++i) {
            terms.workIds[i] = WORK + i;
        }
        vm.prank(POLICY);
        uint256 offerId = book.offer(terms);
        vm.prank(ALICE);
        return book.buy{value: PRICE}(offerId, ALICE);
    }

    function _sendGrant(uint256 src, uint256 dst, Transport transport, bytes32 grantId) private returns (Mail memory) {
        vm.recordLogs();
        _on(src).gateway.sendLicence{value: 1 ether}(chains[dst].chainHash, transport, grantId);
        return _posted(src, dst);
    }

    function _deliverCold(Mail memory mail) private {
        _coolDestination(mail);
        vm.cool(_bookAt(mail.dst));
        vm.recordLogs();
        _deliver(mail);
        assertEq(_countLogs(IGateway.StatementApplied.selector), 1);
    }

    function _deployment(uint256 chain) internal view override returns (Deployment memory deployment) {
        deployment = super._deployment(chain);
        deployment.components[uint256(Component.LICENCE_BOOK)] = _bookAt(chain);
    }

    function _book(uint256 chain) private pure returns (LicenceBook) {
        return LicenceBook(_bookAt(chain));
    }

    function _bookAt(uint256 chain) private pure returns (address) {
        return address(uint160(0xb00c00 + chain));
    }
}
