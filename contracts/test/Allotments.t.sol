// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Test} from "forge-std/Test.sol";
import {Allotments} from "../src/libraries/Allotments.sol";

contract AllotmentsTest is Test {
    /// @dev All parts sum to the whole, and each is its quota rounded down or one more.
    function testFuzz_allot_sumsToTheWhole_andStaysWithinOneOfEachQuota(
        uint112 total,
        uint96[] memory raw
    ) public pure {
        uint256[] memory weights = _weightsOf(raw);
        uint256 sumOfWeights = _sumOf(weights);
        vm.assume(sumOfWeights != 0);
        uint256[] memory parts = Allotments.allot(total, weights);
        assertEq(_sumOf(parts), total);
        for (uint256 i = 0; i < parts.length; ++i) {
            uint256 floor = uint256(total) * weights[i] / sumOfWeights;
            assertGe(parts[i], floor);
            assertLe(parts[i], floor + (uint256(total) * weights[i] % sumOfWeights == 0 ? 0 : 1));
        }
    }

    /// @dev Where no two remainders are equal, the order does not matter.
    function testFuzz_allot_givesEveryWeightTheSamePartInAnyOrder(uint112 total, uint96[] memory raw) public pure {
        uint256[] memory weights = _weightsOf(raw);
        uint256 sumOfWeights = _sumOf(weights);
        vm.assume(sumOfWeights != 0);
        uint256 n = weights.length;
        for (uint256 i = 0; i < n; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                vm.assume(
                    uint256(total) * weights[i] % sumOfWeights != uint256(total) * weights[j] % sumOfWeights
                        || weights[i] == weights[j]
                );
            }
        }
        uint256[] memory reversed = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) {
            reversed[i] = weights[n - 1 - i];
        }
        uint256[] memory parts = _sorted(Allotments.allot(total, weights));
        uint256[] memory partsOfReversed = _sorted(Allotments.allot(total, reversed));
        assertEq(parts, partsOfReversed);
    }

    function test_allot_givesTheUnitLeft_toTheLargestRemainder() public pure {
        uint256[] memory weights = new uint256[](3);
        (weights[0], weights[1], weights[2]) = (3_333, 3_333, 3_334);
        uint256[] memory parts = Allotments.allot(10, weights);
        // Quotas 3.333, 3.333, 3.334.
        assertEq(parts[0], 3);
        assertEq(parts[1], 3);
        assertEq(parts[2], 4);
    }

    function test_allot_breaksTies_forTheFirst() public pure {
        uint256[] memory weights = new uint256[](4);
        (weights[0], weights[1], weights[2], weights[3]) = (2_500, 2_500, 2_500, 2_500);
        uint256[] memory parts = Allotments.allot(6, weights);
        assertEq(parts[0], 2);
        assertEq(parts[1], 2);
        assertEq(parts[2], 1);
        assertEq(parts[3], 1);
    }

    /// @dev Up to 20 of them, some zero.
    function _weightsOf(uint96[] memory raw) private pure returns (uint256[] memory weights) {
        weights = new uint256[](raw.length > 20 ? 20 : raw.length);
        for (uint256 i = 0; i < weights.length; ++i) {
            weights[i] = raw[i];
        }
    }

    function _sumOf(uint256[] memory values) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < values.length; ++i) {
            sum += values[i];
        }
    }

    function _sorted(uint256[] memory values) private pure returns (uint256[] memory) {
        for (uint256 i = 1; i < values.length; ++i) {
            for (uint256 j = i; j > 0 && values[j] < values[j - 1]; --j) {
                (values[j], values[j - 1]) = (values[j - 1], values[j]);
            }
        }
        return values;
    }
}
