// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Transport} from "../src/interfaces/IGateway.sol";
import {RemittedCredit, Remittance, Share} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

/// @dev What money costs to move, with cold storage and all accounts opened before. The bounds are the figures measured,
/// rounded up: a change that makes something dearer shows here.
contract RoyaltyVaultGasTest is RoyaltyWorld {
    function setUp() public override {
        super.setUp();
        _stateSplit(
            BASE, _shares(tills[BASE].vault, Share(_payee(HOME, artist), 9_000), Share(_payee(BASE, GALLERY), 1_000))
        );
        tills[HOME].dollar.mint(address(tills[HOME].vault), 1);
        _on(HOME);
        _stateSole(HOME, _payee(HOME, artist));
        tills[HOME].vault.absorb(address(tills[HOME].dollar));
        for (uint256 i = 0; i < 2; ++i) {
            _depositDollars(BASE, 1e9);
            payable(tills[BASE].receiver).transfer(1 ether);
            if (i == 0) tills[BASE].receiver.forward(NATIVE);
        }
        vm.deal(GALLERY, 1);
    }

    function test_gas_receive() public {
        _cool(BASE);
        _meter("receive", address(tills[BASE].receiver), 1, "", 12_000);
    }

    function test_gas_forwardAndSplitAmongTwo() public {
        _cool(BASE);
        _meter(
            "forward and split",
            address(tills[BASE].receiver),
            0,
            abi.encodeCall(tills[BASE].receiver.forward, (NATIVE)),
            80_000
        );
    }

    function test_gas_pay() public {
        address[] memory accounts = new address[](1);
        accounts[0] = GALLERY;
        _cool(BASE);
        _meter("pay", address(tills[BASE].vault), 0, abi.encodeCall(tills[BASE].vault.pay, (NATIVE, accounts)), 60_000);
    }

    function test_gas_remitAndArrive_overCcip() public {
        _cool(BASE);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, "id", artist, 1e6);
        Shipment memory shipment = _remit(BASE, HOME, remittance);
        emit log_named_uint("remit over CCIP, stub ramp", vm.lastCallGas().gasTotalUsed);
        _cool(HOME);
        (bool success, uint256 gasUsed) = _executeByCcip(shipment, _ccipGasOf(BASE));
        assertTrue(success);
        emit log_named_uint("arrive over CCIP", gasUsed);
        assertLt(gasUsed, 200_000);
    }

    function test_gas_remitAndArrive_overLayerZero() public {
        _cool(BASE);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.LAYER_ZERO, "id", artist, 1e6);
        Shipment memory shipment = _remit(BASE, HOME, remittance);
        bytes memory composed = _arriveAtOft(shipment);
        _cool(HOME);
        uint256 before = gasleft();
        _compose(shipment, composed);
        uint256 gasUsed = before - gasleft();
        emit log_named_uint("arrive by composed message", gasUsed);
        assertLt(gasUsed, 230_000);
    }

    /// @dev The gas that a message buys is enough for the most that it may name.
    function test_gas_arrivalOfTwenty_fitsTheGasThatItBought() public {
        Share[] memory shares = new Share[](20);
        for (uint256 i = 0; i < 20; ++i) {
            shares[i] = Share(_payee(HOME, address(uint160(i + 1))), 500);
            for (uint256 j = i; j > 0; --j) {
                if (tills[BASE].vault.payeeIdOf(shares[j - 1].payee) < tills[BASE].vault.payeeIdOf(shares[j].payee)) {
                    break;
                }
                (shares[j - 1].payee, shares[j].payee) = (shares[j].payee, shares[j - 1].payee);
            }
        }
        _stateSplit(BASE, shares);
        _depositDollars(BASE, 20e6);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, "id", artist, 1e6);
        remittance.credits = new RemittedCredit[](20);
        for (uint256 i = 0; i < 20; ++i) {
            remittance.credits[i] = RemittedCredit(_bytes32(address(uint160(i + 1))), address(0), 1e6);
        }
        Shipment memory shipment = _remit(BASE, HOME, remittance);
        _cool(HOME);
        (bool success, uint256 gasUsed) = _executeByCcip(shipment, _ccipGasOf(BASE));
        assertTrue(success);
        emit log_named_uint("arrive over CCIP, 20 payees", gasUsed);
        assertLt(gasUsed, _ccipGasOf(BASE));
        assertEq(tills[HOME].vault.pooledOf(address(tills[HOME].dollar)), 20e6 + 1);
    }

    function _meter(string memory what, address target, uint256 valueWei, bytes memory data, uint256 bound) private {
        uint256 before = gasleft();
        (bool called,) = target.call{value: valueWei}(data);
        uint256 gasUsed = before - gasleft();
        assertTrue(called);
        emit log_named_uint(what, gasUsed);
        assertLt(gasUsed, bound);
    }

    function _cool(uint256 chain) private {
        Network storage network = _on(chain);
        Till storage till = tills[chain];
        vm.cool(address(till.receiver));
        vm.cool(address(till.vault));
        vm.cool(address(till.remitter));
        vm.cool(address(till.dollar));
        vm.cool(address(till.oft));
        vm.cool(address(network.router));
        vm.cool(address(network.endpoint));
        vm.cool(address(network.collection));
    }
}
