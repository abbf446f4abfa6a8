// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IGateway, Transport} from "../src/interfaces/IGateway.sol";
import {Grant} from "../src/interfaces/ILicenceBook.sol";
import {LicenceTravelWorld} from "./support/LicenceTravelWorld.sol";

/// @dev Licences through the real Gateways, transports and bridges' contracts.
contract LicenceBookTravelTest is LicenceTravelWorld {
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

    /// @dev To a chain where nothing is warm, with the gas that was bought.
    function _deliverCold(Mail memory mail) private {
        _coolDestination(mail);
        vm.cool(_bookAt(mail.dst));
        vm.recordLogs();
        _deliver(mail);
        assertEq(_countLogs(IGateway.StatementApplied.selector), 1);
    }
}
