// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {LicenceBook} from "../../src/LicenceBook.sol";
import {Transport} from "../../src/interfaces/IGateway.sol";
import {Offer} from "../../src/interfaces/ILicenceBook.sol";
import {Component, Deployment} from "../../src/interfaces/IRegistryFactory.sol";
import {World} from "./World.sol";

/// @dev A registry with a licence book on each chain, and all lanes open.
abstract contract LicenceTravelWorld is World {
    bytes32 internal constant TEXT = keccak256("You may print it.");
    uint256 internal constant PRICE = 0.25 ether;
    uint256 internal constant WORK = 7 << 96 | 1;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < CHAINS; ++i) {
            _on(i);
            deployCodeTo("LicenceBook.sol:LicenceBook", abi.encode(_deployment(i)), _bookAt(i));
            vm.prank(POLICY);
            _book(i).addTemplate(TEXT, "ipfs://print");
        }
        _openAllLanes();
    }

    /// @dev As many works as an offer may name.
    function _buy(uint256 chain) internal returns (bytes32) {
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

    function _sendGrant(uint256 src, uint256 dst, Transport transport, bytes32 grantId) internal returns (Mail memory) {
        vm.recordLogs();
        _on(src).gateway.sendLicence{value: 1 ether}(chains[dst].chainHash, transport, grantId);
        return _posted(src, dst);
    }

    function _coolDestination(Mail memory mail) internal virtual override {
        super._coolDestination(mail);
        vm.cool(_bookAt(mail.dst));
    }

    function _deployment(uint256 chain) internal view override returns (Deployment memory deployment) {
        deployment = super._deployment(chain);
        deployment.components[uint256(Component.LICENCE_BOOK)] = _bookAt(chain);
    }

    function _book(uint256 chain) internal pure returns (LicenceBook) {
        return LicenceBook(_bookAt(chain));
    }

    function _bookAt(uint256 chain) internal pure returns (address) {
        return address(uint160(0xb00c00 + chain));
    }
}
