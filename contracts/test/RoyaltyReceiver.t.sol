// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IRoyaltyReceiver} from "../src/interfaces/IRoyaltyReceiver.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

contract RoyaltyReceiverTest is RoyaltyWorld {
    IRoyaltyReceiver private receiver;

    function setUp() public override {
        super.setUp();
        _on(BASE);
        receiver = tills[BASE].receiver;
        _stateSole(BASE, _payee(BASE, artist));
    }

    /// @dev `transfer` gives 2,300 gas.
    function test_receive_isCheapEnoughForTransfer() public {
        vm.cool(address(receiver));
        vm.expectEmit(address(receiver));
        emit IRoyaltyReceiver.NativeReceived(address(this), 1 ether);
        payable(address(receiver)).transfer(1 ether);
        assertEq(address(receiver).balance, 1 ether);
    }

    function test_forward_putsAllNativeMoneyIntoTheVault_whoeverCalls() public {
        payable(address(receiver)).transfer(1 ether);
        vm.expectEmit(address(receiver));
        emit IRoyaltyReceiver.Forwarded(NATIVE, 1 ether, 1 ether);
        vm.prank(BOB);
        assertEq(receiver.forward(NATIVE), 1 ether);
        assertEq(address(receiver).balance, 0);
        assertEq(tills[BASE].vault.creditOf(NATIVE, _payee(BASE, artist)), 1 ether);
    }

    function test_forward_putsAllOfATokenIntoTheVault() public {
        address dollar = address(tills[BASE].dollar);
        tills[BASE].dollar.mint(address(receiver), 250);
        assertEq(receiver.forward(dollar), 250);
        assertEq(tills[BASE].dollar.balanceOf(address(receiver)), 0);
        assertEq(tills[BASE].vault.creditOf(dollar, _payee(BASE, artist)), 250);
    }

    function test_forward_RevertWhen_NothingIsHere() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyReceiver.NothingToForward.selector, NATIVE));
        receiver.forward(NATIVE);
    }
}
